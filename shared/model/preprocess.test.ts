import { tensor2d, type Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import type { Pixels } from '../image/pixels.ts';
import { resize } from '../image/resample.ts';
import type { Preprocessing } from '../schema/model.ts';
import { leftBehind, useEngine } from '../testing/engines.ts';
import { scoreImages } from './infer.ts';
import type { Network } from './network.ts';
import { preprocess } from './preprocess.ts';

beforeAll(() => useEngine('cpu'));

function picture(size: number, level: (i: number) => number): Pixels {
  return {
    width: size,
    height: size,
    data: Uint8Array.from({ length: size * size * 3 }, (_, i) => level(i)),
  };
}

describe('preprocessing', () => {
  test('maps black and white to the ends of the range, exactly', async () => {
    const p = { size: 16, range: [-1, 1] as [number, number], resize: 'letterbox' as const };
    const input = preprocess([picture(16, (i) => (i % 2 === 0 ? 0 : 255))], p);
    expect(input.shape).toEqual([1, 16, 16, 3]);
    expect([...new Set(await input.data())]).toEqual([-1, 1]);
    input.dispose();
  });

  test('a range of its own for each channel, as networks trained on standardised colours want it', async () => {
    const range: Preprocessing['range'] = [
      [0, 1],
      [-2, 2],
      [10, 20],
    ];
    const input = preprocess([picture(16, () => 255)], { size: 16, range, resize: 'letterbox' });
    expect([...(await input.data()).subarray(0, 3)]).toEqual([1, 2, 20]);
    input.dispose();
  });

  test('resizes with our own integer maths', async () => {
    const source = picture(40, (i) => (i * 37) % 256);
    const input = preprocess([source], { size: 16, range: [0, 255], resize: 'letterbox' });
    expect(Array.from(await input.data()).map(Math.round)).toEqual([...resize(source, 16, 16).data]);
    input.dispose();
  });

  test('names the picture that is not canonical', () => {
    const wide = { width: 4, height: 2, data: new Uint8Array(24) };
    expect(() =>
      preprocess([picture(16, () => 0), wide], { size: 16, range: [-1, 1], resize: 'letterbox' }),
    ).toThrow('image 1: 4 × 2 is not square');
  });
});

describe('scoring many images', () => {
  /** A network that answers with the mean of each image, so that rows can be told apart. */
  const network: Network = {
    preprocessing: { size: 16, range: [0, 255], resize: 'letterbox' },
    classes: 2,
    features: 1,
    predict: (input) => tensor2d(meansOf(input), [input.shape[0], 2]),
    embed: () => tensor2d([[0]]),
    predictWithFeatures: () => ({ scores: tensor2d([[0, 0]]), features: tensor2d([[0]]) }),
    dispose: () => undefined,
  };
  function meansOf(input: Tensor4D): number[] {
    return Array.from({ length: input.shape[0] }, (_, i) => [input.shape[0], i]).flat();
  }

  test('goes in batches, the last one smaller, and frees what it used', async () => {
    const images = [1, 2, 3].map((level) => picture(16, () => level));
    expect([...(await scoreImages(network, images, 2))]).toEqual([2, 0, 2, 1, 1, 0]);
    expect(await leftBehind(() => scoreImages(network, images, 2))).toBe(0);
  });

  test('no images, no scores', async () => {
    expect(await scoreImages(network, [])).toHaveLength(0);
  });
});
