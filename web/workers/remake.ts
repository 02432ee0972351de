/** A photo's image made anew with a person's edits. Runs in workers. */
import { canonicalise, letterboxRect } from '#shared/image/canonical.ts';
import { applyEdits, crop, editedShape } from '#shared/image/edits.ts';
import { perceptualHash } from '#shared/image/phash.ts';
import type { Pixels } from '#shared/image/pixels.ts';
import { measureQuality } from '#shared/image/quality.ts';
import { relativeEdits } from '#shared/image/relative-edits.ts';
import type { Edits, Photo } from '#shared/schema/photo.ts';
import { decodeExact, decodeImage, encodePng } from '../platform/decode.ts';
import type { EditBase, Remade } from '../storage/edit-acts.ts';
import { makeThumb, pixelHash, THUMB_EDGE } from './prepare.ts';

/** What the record says of the original, and the library's edge of canonical images. */
export type EditedPhoto = Pick<Photo, 'width' | 'height' | 'canonicalSize'>;

/**
 * Applies edits to the best picture at hand and makes everything anew that the library keeps of it.
 * @throws ImageRefused
 */
export async function remakePhoto(base: EditBase, edits: Edits, photo: EditedPhoto): Promise<Remade> {
  const { canonicalSize } = photo;
  const shape = editedShape({ ...photo, edits });
  const canonical = canonicalise(
    applyEdits(await basePixels(base, shape, photo), relativeEdits(edits, base.made)),
    canonicalSize,
  );
  const [pixels, image, thumb] = await Promise.all([
    pixelHash(canonical),
    encodePng(canonical),
    makeThumb(canonical, shape),
  ]);
  const quality = measureQuality(canonical, shape);
  return { edits, canonicalSize, pixels, hash: perceptualHash(canonical), quality, image, thumb };
}

/** The picture without padding. Of a large original only so much is decoded that the crop stays as sharp as it can be. */
async function basePixels(
  { kind, bytes, made }: EditBase,
  cut: { readonly width: number; readonly height: number },
  photo: EditedPhoto,
): Promise<Pixels> {
  if (kind === 'original') {
    const longest = Math.max(photo.width, photo.height);
    const wanted = Math.max(photo.canonicalSize, THUMB_EDGE);
    const edge = (longest * wanted) / Math.max(1, cut.width, cut.height);
    return (await decodeImage(new Uint8Array(bytes), Math.min(longest, Math.ceil(edge)))).pixels;
  }
  const square = await decodeExact(new Uint8Array(bytes));
  const { width, height } = editedShape({ ...photo, edits: made });
  const rect = letterboxRect(width, height, square.width);
  return crop(square, rect.left, rect.top, rect.width, rect.height);
}
