/** From the bytes of a file to everything the library keeps of a photo. Runs in workers. */
import { canonicalise, letterboxRect } from '#shared/image/canonical.ts';
import { crop } from '#shared/image/edits.ts';
import { perceptualHash } from '#shared/image/phash.ts';
import type { Pixels } from '#shared/image/pixels.ts';
import { measureQuality } from '#shared/image/quality.ts';
import { resize } from '#shared/image/resample.ts';
import type { Quality } from '#shared/schema/photo.ts';
import { decodeExact, decodeImage, encodeJpeg, encodePng } from '../platform/decode.ts';
import { sha256 } from '../platform/hash.ts';

/** Longest edge of a thumbnail in pixels. */
export const THUMB_EDGE = 192;

/** What a file became. */
export interface Prepared {
  /** SHA-256 of the file as it came: the photo's identity. */
  readonly id: string;
  readonly bytes: number;
  /** Size of the original, upright. */
  readonly width: number;
  readonly height: number;
  /** When it was taken by the camera's own clock; null where the file does not say. */
  readonly taken: string | null;
  /** SHA-256 over the canonical RGB bytes. */
  readonly pixels: string;
  /** Perceptual hash. */
  readonly hash: string;
  /** Grounds for hints. */
  readonly quality: Quality;
  /** Canonical PNG. */
  readonly image: ArrayBuffer;
  /** Small JPEG, without the black bars. */
  readonly thumb: ArrayBuffer;
}

/**
 * @param size edge of the canonical image
 * @throws ImageRefused
 */
export async function preparePhoto(bytes: Uint8Array<ArrayBuffer>, size: number): Promise<Prepared> {
  const { pixels, width, height, taken } = await decodeImage(bytes, Math.max(size, THUMB_EDGE));
  const canonical = canonicalise(pixels, size);
  const [id, digest, image, thumb] = await Promise.all([
    sha256(bytes),
    sha256(plain(canonical)),
    encodePng(canonical),
    makeThumb(canonical, { width, height }),
  ]);
  const hash = perceptualHash(canonical);
  const quality = measureQuality(canonical, { width, height });
  return { id, bytes: bytes.length, width, height, taken, pixels: digest, hash, quality, image, thumb };
}

/**
 * Measures a photo that came without (see `measureQuality`).
 * @param image its canonical PNG
 * @param shape width and height (or their ratio) of what it was made from, edits applied
 */
export async function measureImage(
  image: Uint8Array<ArrayBuffer>,
  shape: { readonly width: number; readonly height: number },
): Promise<Quality> {
  return measureQuality(await decodeExact(image), shape);
}

/** @param original only its shape counts: it tells where the black bars are */
export function makeThumb(
  canonical: Pixels,
  original: { readonly width: number; readonly height: number },
): Promise<ArrayBuffer> {
  const rect = letterboxRect(original.width, original.height, canonical.width);
  const picture = crop(canonical, rect.left, rect.top, rect.width, rect.height);
  const scale = Math.min(1, THUMB_EDGE / Math.max(rect.width, rect.height));
  const edge = (length: number): number => Math.max(1, Math.round(length * scale));
  return encodeJpeg(resize(picture, edge(rect.width), edge(rect.height)));
}

/** SHA-256 over the RGB bytes, row by row: `Photo.pixels`. */
export function pixelHash(canonical: Pixels): Promise<string> {
  return sha256(plain(canonical));
}

/** Pixels of ours never sit on shared memory, which hashing does not take. */
function plain(pixels: Pixels): Uint8Array<ArrayBuffer> {
  return pixels.data as Uint8Array<ArrayBuffer>;
}
