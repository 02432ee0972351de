import { blackPixels, type Pixels } from './pixels.ts';
import { resize } from './resample.ts';

/** Edge of a library's canonical images unless it says otherwise. */
export const CANONICAL_SIZE = 299;

/** Where the picture stands inside the square, in pixels. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The centred rectangle that a picture of this shape fills in a square of `size`: never stretched, never cut. */
export function letterboxRect(width: number, height: number, size: number): Rect {
  const longest = Math.max(width, height);
  const side = (length: number): number => Math.max(1, Math.round((length * size) / longest));
  const [w, h] = [side(width), side(height)];
  return { left: (size - w) >> 1, top: (size - h) >> 1, width: w, height: h };
}

/**
 * The canonical image of a picture (P1-12 … P1-17): a square of `size`, aspect ratio kept, centred, black padding.
 * @param source upright (EXIF orientation applied), edits applied
 */
export function canonicalise(source: Pixels, size: number = CANONICAL_SIZE): Pixels {
  const square = blackPixels(size, size);
  const rect = letterboxRect(source.width, source.height, size);
  const picture = resize(source, rect.width, rect.height);
  if (rect.width === size && rect.height === size) return picture;
  for (let y = 0; y < rect.height; y++) {
    const row = picture.data.subarray(y * rect.width * 3, (y + 1) * rect.width * 3);
    square.data.set(row, ((rect.top + y) * size + rect.left) * 3);
  }
  return square;
}
