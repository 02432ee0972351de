import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';

import { coverInput } from '../explain/cover.ts';
import type { Area, Cover } from '../explain/grid.ts';
import { contentRect } from '../image/black-bars.ts';
import { networkInput } from '../image/network-input.ts';
import type { Pixels } from '../image/pixels.ts';
import type { Preprocessing } from '../schema/model.ts';

/** A canonical image with parts of its picture hidden. */
export interface Covered {
  readonly canonical: Pixels;
  /** Where it is not black padding. */
  readonly picture: Area;
  /** One run of the network each. */
  readonly covers: readonly Cover[];
}

/** An image before anything is hidden. One that is black all over is all picture. */
export function uncovered(canonical: Pixels): Omit<Covered, 'covers'> {
  const { width, height } = canonical;
  const rect = contentRect(canonical) ?? { left: 0, top: 0, width, height };
  const picture = {
    left: rect.left / width,
    top: rect.top / height,
    width: rect.width / width,
    height: rect.height / height,
  };
  return { canonical, picture };
}

/**
 * `preprocess` for an image that is covered in several ways: [covers, size, size, 3]. The caller disposes it.
 * @throws RangeError for an image that is not square
 */
export function coveredInput({ canonical, picture, covers }: Covered, p: Preprocessing): Tensor4D {
  const input = networkInput([canonical], p);
  return tensor4d(coverInput(input, p.size, picture, covers), [covers.length, p.size, p.size, 3]);
}
