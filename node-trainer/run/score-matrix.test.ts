import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { readNpy } from '#shared/archive/npy.ts';
import { blackPixels } from '#shared/image/pixels.ts';
import { ImageRefused } from '#shared/image/sniff.ts';
import type { Network } from '#shared/model/network.ts';

import { startEngine } from '../engines/engine.ts';
import { scratch } from '../testing/shapes.ts';
import { TooManyUnreadable, writeMatrix } from './score-matrix.ts';

/** Gives every picture the same scores: what is tested is what happens to the rows. */
const network: Network = {
  preprocessing: { size: 32, range: [-1, 1], resize: 'letterbox' },
  classes: 2,
  features: 2,
  predict: (input) => same(input.shape[0]),
  embed: (input) => same(input.shape[0]),
  predictWithFeatures: (input) => ({ scores: same(input.shape[0]), features: same(input.shape[0]) }),
  dispose: () => undefined,
};

function same(rows: number): Tensor2D {
  return tensor2d(Array.from({ length: rows }, () => [0.75, 0.25]));
}

const job = (path: string, load: (item: number) => void, items = 40) => ({
  network,
  items: Array.from({ length: items }, (_, i) => i),
  load: (item: number) => {
    load(item);
    return Promise.resolve(blackPixels(32, 32));
  },
  path,
  onProgress: () => undefined,
});

describe('the softmax matrix', () => {
  beforeAll(async () => {
    await startEngine('cpu');
  });

  test('a photo that can not be read is named, has no row, and stops nothing', async () => {
    const path = join(await scratch(), 'scores.npy');
    const { rows, unreadable } = await writeMatrix(
      job(path, (item) => {
        if (item === 7) throw new ImageRefused('corrupt', 'The picture is damaged.');
      }),
    );
    expect(rows).toHaveLength(39);
    expect(rows).not.toContain(7);
    expect(unreadable).toEqual([{ item: 7, message: 'The picture is damaged.' }]);
    const matrix = readNpy(await readFile(path));
    expect([matrix.rows, matrix.columns, matrix.values[0]]).toEqual([39, 2, 0.75]);
  });

  test('when more than one in twenty is lost it ends, and says what helps', async () => {
    const path = join(await scratch(), 'scores.npy');
    const gone = (item: number): void => {
      if (item > 20) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    };
    await expect(writeMatrix(job(path, gone))).rejects.toThrow(TooManyUnreadable);
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });

  test('any other error is no fault of the photo', async () => {
    const path = join(await scratch(), 'scores.npy');
    const broken = (): void => {
      throw new TypeError('programming error');
    };
    await expect(writeMatrix(job(path, broken))).rejects.toThrow('programming error');
  });
});
