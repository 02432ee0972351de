import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';

import { networkInput } from '../image/network-input.ts';
import type { Pixels } from '../image/pixels.ts';
import type { Preprocessing } from '../schema/model.ts';

/**
 * `networkInput` as a tensor [n, size, size, 3]. The caller disposes it.
 * @throws RangeError naming the first image that is not square
 */
export function preprocess(images: readonly Pixels[], p: Preprocessing): Tensor4D {
  return tensor4d(networkInput(images, p), [images.length, p.size, p.size, 3]);
}
