import { isBlack } from './black-bars.ts';
import { letterboxRect } from './canonical.ts';
import { crop } from './edits.ts';
import type { Pixels } from './pixels.ts';
import { resize } from './resample.ts';

/**
 * Perceptual hash of a picture: 64 bits as 16 hex digits. Each bit says whether brightness falls from one of 9 × 8
 * cells to its right neighbour (difference hash, Krawetz 2013), so scaling and re-encoding change few bits.
 * Centred black bars are cut off first: they are the padding of a canonical image, and with them all portrait photos
 * would look alike. So a picture and its canonical image have about the same hash.
 * @param picture a canonical image, or any other picture
 * @param shape width and height (or their ratio) of what a canonical image was made from, edits applied; when it is
 *   left out, the bars are found by their colour, which may take a little more off a picture with black edges
 */
export function perceptualHash(
  picture: Pixels,
  shape?: { readonly width: number; readonly height: number },
): string {
  const small = resize(shape ? inner(picture, shape) : withoutBars(picture), 9, 8);
  let hash = '';
  for (let y = 0; y < 8; y++) {
    let byte = 0;
    for (let x = 0; x < 8; x++) {
      byte = byte * 2 + (brightness(small, x, y) > brightness(small, x + 1, y) ? 1 : 0);
    }
    hash += byte.toString(16).padStart(2, '0');
  }
  return hash;
}

/** Number of bits (0 … 64) in which two perceptual hashes differ. */
export function hamming(a: string, b: string): number {
  return (
    bitCount(parseInt(a.slice(0, 8), 16) ^ parseInt(b.slice(0, 8), 16)) +
    bitCount(parseInt(a.slice(8), 16) ^ parseInt(b.slice(8), 16))
  );
}

/** Bits set in a 32-bit number. */
export function bitCount(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function inner(canonical: Pixels, shape: { readonly width: number; readonly height: number }): Pixels {
  const rect = letterboxRect(shape.width, shape.height, canonical.width);
  return crop(canonical, rect.left, rect.top, rect.width, rect.height);
}

/** Cuts black bars off the left and right and off the top and bottom, as far as they are centred. */
function withoutBars(picture: Pixels): Pixels {
  const { width, height } = picture;
  const [left, right] = bars(width, (x) => isBlack(picture, x, width, height));
  const [top, bottom] = bars(height, (y) => isBlack(picture, y * width, 1, width));
  if (left + right + top + bottom === 0) return picture;
  return crop(picture, left, top, width - left - right, height - top - bottom);
}

/** Lengths of the black bars at both ends. Padding is equal at both ends, but for one odd pixel. */
function bars(length: number, black: (at: number) => boolean): readonly [number, number] {
  let before = 0;
  while (before < length && black(before)) before++;
  // All black: nothing to cut.
  if (before === length) return [0, 0];
  let after = 0;
  while (black(length - 1 - after)) after++;
  // Black at one end only is a dark side of the picture.
  const most = before === 0 || after === 0 ? 0 : Math.min(before, after) + 1;
  return [Math.min(before, most), Math.min(after, most)];
}

/** Luma (BT.601 weights × 1000): whole numbers only. */
function brightness(pixels: Pixels, x: number, y: number): number {
  const at = (y * pixels.width + x) * 3;
  const channel = (c: number): number => pixels.data[at + c] as number;
  return channel(0) * 299 + channel(1) * 587 + channel(2) * 114;
}
