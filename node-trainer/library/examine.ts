import { canonicalise } from '#shared/image/canonical.ts';
import { perceptualHash } from '#shared/image/phash.ts';
import { measureQuality } from '#shared/image/quality.ts';
import { admitImage } from '#shared/image/sniff.ts';
import type { Label, Origin, Photo, Quality } from '#shared/schema/photo.ts';
import { freshPhoto } from '#shared/schema/photo.ts';
import type { PhotoId } from '#shared/schema/names.ts';

import { sha256 } from '../io/hash.ts';
import { decodeImage, encodePng } from '../io/images.ts';

/** What the bytes of a photo alone say. */
export interface PhotoFacts {
  readonly id: PhotoId;
  /** Size of the file as it came. */
  readonly bytes: number;
  /** Upright size of the original in pixels. */
  readonly width: number;
  readonly height: number;
  readonly canonicalSize: number;
  /** SHA-256 of the canonical image's RGB bytes. */
  readonly pixels: string;
  /** Perceptual hash. */
  readonly hash: string;
  /** Grounds for hints to whoever labels; null where it was examined before there were any. */
  readonly quality: Quality | null;
  /** When it was taken by the camera's own clock; null where the file does not say. */
  readonly taken: string | null;
}

/** What only the place of a photo or a person can say. */
export interface PhotoOrigin {
  readonly fileName: string;
  readonly source: Photo['source'];
  readonly label: Label | null;
  readonly origin: Origin;
  readonly addedAt: string;
}

/** The identity of a photo: the SHA-256 of its file as it came. */
export function photoIdOf(bytes: Uint8Array): PhotoId {
  return sha256(bytes) as PhotoId;
}

/**
 * Decodes a photo, makes its canonical image and hashes both.
 * @throws ImageRefused where the bytes are no picture that we take
 */
export async function examine(
  bytes: Uint8Array,
  canonicalSize: number,
): Promise<{ facts: PhotoFacts; png: Uint8Array }> {
  const original = await decodeImage(bytes);
  const { width, height } = original;
  const canonical = canonicalise(original, canonicalSize);
  const facts: PhotoFacts = {
    id: photoIdOf(bytes),
    bytes: bytes.length,
    width,
    height,
    canonicalSize,
    pixels: sha256(canonical.data),
    hash: perceptualHash(canonical, { width, height }),
    quality: measureQuality(canonical, { width, height }),
    taken: admitImage(bytes).taken ?? null,
  };
  return { facts, png: await encodePng(canonical) };
}

/** The record of a photo that comes in fresh: no edits, no faults. */
export function newPhoto(
  facts: PhotoFacts,
  { fileName, source, label, origin, addedAt }: PhotoOrigin,
): Photo {
  const { id, bytes, width, height, canonicalSize, pixels, hash, quality, taken } = facts;
  return freshPhoto({
    id,
    fileName: fileName.slice(-1000),
    bytes,
    width,
    height,
    source,
    addedAt,
    addedBy: '',
    origin,
    label,
    canonicalSize,
    pixels,
    hash,
    quality,
    taken,
  });
}
