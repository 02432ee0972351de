import type { Preprocessing } from '../schema/model.ts';
import type { Pixels } from './pixels.ts';
import { resize } from './resample.ts';

/**
 * Canonical (square) images → network input, row by row [images, size, size, 3], values in `p.range`. All maths is our
 * own integer resampling on the CPU, so that every engine, browser and worker sees the same numbers.
 * @throws RangeError naming the first image that is not square
 */
export function networkInput(images: readonly Pixels[], p: Preprocessing): Float32Array<ArrayBuffer> {
  const length = p.size * p.size * 3;
  const [red, green, blue] = valueTables(p.range);
  const out = new Float32Array(images.length * length);
  images.forEach((image, i) => {
    if (image.width !== image.height) {
      throw new RangeError(`image ${i}: ${image.width} × ${image.height} is not square, so not canonical`);
    }
    const { data } = image.width === p.size ? image : resize(image, p.size, p.size);
    for (let from = 0, to = i * length; from < length; from += 3, to += 3) {
      out[to] = red[data[from] as number] as number;
      out[to + 1] = green[data[from + 1] as number] as number;
      out[to + 2] = blue[data[from + 2] as number] as number;
    }
  });
  return out;
}

type Tables = readonly [red: Float32Array, green: Float32Array, blue: Float32Array];

function valueTables(range: Preprocessing['range']): Tables {
  if (range.length === 3) return [valueTable(range[0]), valueTable(range[1]), valueTable(range[2])];
  const table = valueTable(range);
  return [table, table, table];
}

/** Value of each of the 256 levels: black → range[0], white → range[1]. */
function valueTable([black, white]: readonly [number, number]): Float32Array {
  return Float32Array.from({ length: 256 }, (_, level) => black + (level / 255) * (white - black));
}
