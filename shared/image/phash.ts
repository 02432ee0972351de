import { letterboxRect } from './canonical.ts';
import { crop } from './edits.ts';
import type { Pixels } from './pixels.ts';
import { resize } from './resample.ts';

/**
 * Perceptual hash of a picture: 64 bits as 16 hex digits. Each bit says whether brightness falls from one of 9 × 8
 * cells to its right neighbour (difference hash, Krawetz 2013), so scaling and re-encoding change few bits.
 * @param canonical a canonical image; its black bars are cut off first by the original's shape, else all portrait
 *   photos would look alike
 */
export function perceptualHash(
  canonical: Pixels,
  original: { readonly width: number; readonly height: number },
): string {
  const rect = letterboxRect(original.width, original.height, canonical.width);
  const picture = crop(canonical, rect.left, rect.top, rect.width, rect.height);
  const small = resize(picture, 9, 8);
  let hash = '';
  for (let y = 0; y < 8; y++) {
    let byte = 0;
    for (let x = 0; x < 8; x++)
      byte = byte * 2 + (brightness(small, x, y) > brightness(small, x + 1, y) ? 1 : 0);
    hash += byte.toString(16).padStart(2, '0');
  }
  return hash;
}

/** Number of bits (0 … 64) in which two perceptual hashes differ. */
export function hamming(a: string, b: string): number {
  let distance = 0;
  for (const at of [0, 8])
    distance += bitCount(parseInt(a.slice(at, at + 8), 16) ^ parseInt(b.slice(at, at + 8), 16));
  return distance;
}

/** Bits set in a 32-bit number. */
export function bitCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** Luma (BT.601 weights × 1000): whole numbers only. */
function brightness(pixels: Pixels, x: number, y: number): number {
  const at = (y * pixels.width + x) * 3;
  const [r, g, b] = [pixels.data[at] ?? 0, pixels.data[at + 1] ?? 0, pixels.data[at + 2] ?? 0];
  return r * 299 + g * 587 + b * 114;
}
