import { blackPixels, type Pixels } from './pixels.ts';
import { turn } from './edits.ts';
import { perceptualHash } from './phash.ts';
import { resize } from './resample.ts';

/** Enough for a hash of 9 × 8 cells from any side, and quickly turned. */
const EDGE = 72;

/**
 * Perceptual hashes of a picture's seven other symmetries: turned by 90°, 180° and 270°, then mirrored and turned by
 * 0°, 90°, 180° and 270°. A mirrored or turned copy of the picture has about one of them.
 * @param picture without padding: a thumbnail, or a canonical image cut to its picture
 */
export function symmetryHashes(picture: Pixels): string[] {
  const small = resize(picture, EDGE, EDGE);
  const flopped = flop(small);
  const turned = ([90, 180, 270] as const).map((degrees) => turn(small, degrees));
  const others = ([0, 90, 180, 270] as const).map((degrees) => turn(flopped, degrees));
  return [...turned, ...others].map((one) => perceptualHash(one, one));
}

/** Left and right exchanged. */
export function flop({ width, height, data }: Pixels): Pixels {
  const out = blackPixels(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      out.data.set(data.subarray(from, from + 3), (y * width + width - 1 - x) * 3);
    }
  }
  return out;
}
