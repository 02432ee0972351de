import type { Edits } from '../schema/photo.ts';
import { makePixels, type Pixels } from './pixels.ts';

/** Applies a person's edits: first the turn (clockwise), then the crop in fractions of the turned picture. */
export function applyEdits(source: Pixels, edits: Edits): Pixels {
  const turned = turn(source, edits.turn);
  if (!edits.crop) return turned;
  const { x, y, width, height } = edits.crop;
  const left = Math.min(turned.width - 1, Math.round(x * turned.width));
  const top = Math.min(turned.height - 1, Math.round(y * turned.height));
  const right = Math.min(turned.width, Math.max(left + 1, Math.round((x + width) * turned.width)));
  const bottom = Math.min(turned.height, Math.max(top + 1, Math.round((y + height) * turned.height)));
  return crop(turned, left, top, right - left, bottom - top);
}

/** Cuts out a rectangle in pixels that lies inside the picture. */
export function crop(source: Pixels, left: number, top: number, width: number, height: number): Pixels {
  const out = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * source.width + left) * 3;
    out.set(source.data.subarray(from, from + width * 3), y * width * 3);
  }
  return makePixels(width, height, out);
}

/** Turns a picture clockwise by a quarter, a half or three quarters. */
export function turn(source: Pixels, degrees: Edits['turn']): Pixels {
  if (degrees === 0) return source;
  const { width, height, data } = source;
  const [w, h] = degrees === 180 ? [width, height] : [height, width];
  // Where the first source pixel lands, and how far one step right or down in the source moves the target.
  const [first, right, down] = {
    90: [w - 1, w, -1],
    180: [w * h - 1, -1, -w],
    270: [w * (h - 1), -w, 1],
  }[degrees] as [number, number, number];
  const out = new Uint8Array(data.length);
  for (let y = 0, from = 0; y < height; y++) {
    let to = (first + y * down) * 3;
    for (let x = 0; x < width; x++, from += 3, to += right * 3) {
      out[to] = data[from] as number;
      out[to + 1] = data[from + 1] as number;
      out[to + 2] = data[from + 2] as number;
    }
  }
  return makePixels(w, h, out);
}
