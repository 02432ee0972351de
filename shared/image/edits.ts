import type { Edits, Photo } from '../schema/photo.ts';
import { blackPixels, PixelsError, type Pixels } from './pixels.ts';

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

/** Size in pixels of what the edits leave of an original, as broken numbers: its shape is what counts. */
export function editedShape({ width, height, edits }: Pick<Photo, 'width' | 'height' | 'edits'>): {
  readonly width: number;
  readonly height: number;
} {
  const [w, h] = edits.turn % 180 === 0 ? [width, height] : [height, width];
  return { width: w * (edits.crop?.width ?? 1), height: h * (edits.crop?.height ?? 1) };
}

/**
 * Cuts out a rectangle in pixels.
 * @throws PixelsError when it does not lie inside the picture
 */
export function crop(source: Pixels, left: number, top: number, width: number, height: number): Pixels {
  const out = blackPixels(width, height);
  const inside = left >= 0 && top >= 0 && left + width <= source.width && top + height <= source.height;
  if (!inside || !Number.isInteger(left) || !Number.isInteger(top)) {
    const rectangle = `${width} × ${height} pixels from ${left}, ${top}`;
    throw new PixelsError(`${rectangle} do not lie inside ${source.width} × ${source.height}`);
  }
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * source.width + left) * 3;
    out.data.set(source.data.subarray(from, from + width * 3), y * width * 3);
  }
  return out;
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
  const out = blackPixels(w, h);
  const target = out.data;
  for (let y = 0, from = 0; y < height; y++) {
    let to = (first + y * down) * 3;
    for (let x = 0; x < width; x++, from += 3, to += right * 3) {
      target[to] = data[from] as number;
      target[to + 1] = data[from + 1] as number;
      target[to + 2] = data[from + 2] as number;
    }
  }
  return out;
}
