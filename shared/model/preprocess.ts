import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';

import type { Pixels } from '../image/pixels.ts';
import { resize } from '../image/resample.ts';
import type { Preprocessing } from '../schema/model.ts';

/**
 * Canonical (square) images → network input [n, size, size, 3], values in `p.range`. The caller disposes it.
 * All maths is on the CPU in our own integer resampling, so that every engine sees the same numbers.
 * @throws RangeError naming the first image that is not square
 */
export function preprocess(images: readonly Pixels[], p: Preprocessing): Tensor4D {
  const pixels = p.size * p.size * 3;
  const values = valueTable(p.range);
  const out = new Float32Array(images.length * pixels);
  images.forEach((image, i) => {
    if (image.width !== image.height) {
      throw new RangeError(`image ${i}: ${image.width} × ${image.height} is not square, so not canonical`);
    }
    const { data } = image.width === p.size ? image : resize(image, p.size, p.size);
    const start = i * pixels;
    for (let k = 0; k < pixels; k += 1) out[start + k] = values[data[k] ?? 0] ?? 0;
  });
  return tensor4d(out, [images.length, p.size, p.size, 3]);
}

/** Value of each of the 256 levels: black → range[0], white → range[1]. */
function valueTable([black, white]: Preprocessing['range']): Float32Array {
  return Float32Array.from({ length: 256 }, (_, level) => black + (level / 255) * (white - black));
}
