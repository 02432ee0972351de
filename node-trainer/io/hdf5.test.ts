import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, test } from 'vitest';

import { type Hdf5Group, readKeras } from '#shared/model/keras-h5.ts';
import type { ForeignModel } from '#shared/model/weights.ts';
import { formulaWeight } from '#shared/testing/formula.ts';

import { readHdf5 } from './hdf5.ts';

const FIXTURES = join(import.meta.dirname, '../../shared/model/fixtures');

function bytesOf(name: string): Uint8Array {
  return readFileSync(join(FIXTURES, name));
}

function read(bytes: Uint8Array, name = 'x.h5'): Promise<ForeignModel> {
  return readHdf5(bytes, name, (root) => readKeras(root, name));
}

/** A file made here, by what the library can write. */
async function made(fill: (file: import('h5wasm').File) => void): Promise<Uint8Array> {
  const { File, ready } = await import('h5wasm');
  const { FS } = await ready;
  const file = new File('/made.h5', 'w');
  fill(file);
  file.close();
  const bytes = FS.readFile('/made.h5');
  FS.unlink('/made.h5');
  return bytes;
}

describe('the files that Keras writes', () => {
  const NAMES = [
    ['conv1/bias', [2]],
    ['conv1/kernel', [3, 3, 3, 2]],
    ['deep/depthwise_kernel', [3, 3, 2, 1]],
    ['norm/beta', [2]],
    ['norm/gamma', [2]],
    ['norm/moving_mean', [2]],
    ['norm/moving_variance', [2]],
  ] as const;

  test.each(['sample.h5', 'sample.model.h5', 'sample.weights.h5'])(
    '%s: every weight by the name of its layer, with its numbers',
    async (name) => {
      const { naming, weights } = await read(bytesOf(name), name);
      expect(naming).toBe('keras');
      const found = [...weights.values()].map((w) => ({
        ...w,
        name: w.name.replace(/^deep.kernel$/, 'deep/depthwise_kernel'),
      }));
      expect(found.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
        NAMES.map(([weight, shape]) => ({ ...formulaWeight(weight, shape, 1), shape })),
      );
    },
  );

  test('a whole model has its topology too, weights alone have none', async () => {
    const { layers } = await read(bytesOf('sample.model.h5'));
    expect(layers.map((l) => [l.className, l.name])).toEqual([
      ['InputLayer', 'image'],
      ['Conv2D', 'conv1'],
      ['DepthwiseConv2D', 'deep'],
      ['BatchNormalization', 'norm'],
    ]);
    expect((await read(bytesOf('sample.h5'))).layers).toEqual([]);
    expect((await read(bytesOf('sample.weights.h5'))).layers).toEqual([]);
  });
});

describe('layouts of older and larger files', () => {
  /** A group of plain data. */
  const group = (
    texts: Record<string, string[]>,
    below: Record<string, Hdf5Group | number[]> = {},
  ): Hdf5Group => ({
    names: () => Object.keys(below),
    text: (attribute) => texts[attribute] ?? null,
    group: (path) => {
      const found = below[path];
      return found && !Array.isArray(found) ? found : null;
    },
    numbers: (path) => {
      const found = below[path];
      return Array.isArray(found) ? { shape: [found.length], data: Float32Array.from(found) } : null;
    },
  });
  const names = (root: Hdf5Group): string[] => [...readKeras(root, 'x.h5').weights.keys()];

  test('Keras 2 numbers its weights (:0), later builds of a layer, and cuts long lists of names', () => {
    const layer = group({ weight_names: ['Conv/BatchNorm_1/gamma:0'] }, { 'Conv/BatchNorm_1/gamma:0': [1] });
    const root = group(
      { layer_names0: ['input'], layer_names1: ['Conv/BatchNorm'] },
      { input: group({}), 'Conv/BatchNorm': layer },
    );
    expect(names(root)).toEqual(['Conv/BatchNorm/gamma']);
  });

  test('a model in a model: its layers keep their names', () => {
    const inner = group(
      { weight_names: ['conv1/kernel:0', 'conv1_bn/gamma:0'] },
      { 'conv1/kernel:0': [1, 2], 'conv1_bn/gamma:0': [3] },
    );
    expect(names(group({ layer_names: ['mobilenet'] }, { mobilenet: inner }))).toEqual([
      'conv1/kernel',
      'conv1_bn/gamma',
    ]);
  });

  test('a listed layer that is not there', () => {
    expect(() => names(group({ layer_names: ['conv1'] }))).toThrow(/conv1: is listed in layer_names/);
  });

  test('Keras 3 without the names of layers: what helps is said', () => {
    const layer = group({}, { vars: group({}, { 0: [1] }) });
    const root = group({}, { layers: group({}, { conv2d: layer }) });
    expect(() => names(root)).toThrow(/conv2d has no name.*save the model again/);
  });

  test('a batch-norm without scale has other weights at the same numbers', () => {
    const layer = group({}, { vars: group({ name: ['norm'] }, { 0: [1], 1: [1], 2: [1] }) });
    const root = group({}, { layers: group({}, { batch_normalization_4: layer }) });
    expect(() => names(root)).toThrow(/norm: 3 weights, expected gamma, beta, moving_mean, moving_variance/);
  });

  test('groups that contain themselves', () => {
    const loop: Hdf5Group = {
      ...group({}),
      names: () => ['again', 'more'],
      group: (path) => (path === 'vars' ? null : loop),
    };
    expect(() => names(loop)).toThrow(/too many groups/);
  });

  test('an HDF5 file of something else', () => {
    expect(() => names(group({}, { data: group({}) }))).toThrow(/no Keras model/);
  });
});

describe('a file from outside is not trusted', () => {
  beforeAll(() => made(() => undefined));

  test('no HDF5', async () => {
    await expect(read(new Uint8Array(100))).rejects.toThrow('x.h5: not an HDF5 file');
  });

  test('a few bytes that claim more numbers than any network has', async () => {
    const bytes = await made((file) => {
      const layer = file.create_group('layers').create_group('conv2d').create_group('vars');
      layer.create_attribute('name', 'conv1');
      layer.create_dataset({
        name: '0',
        data: new Float32Array(1),
        shape: [1],
        maxshape: [null],
        chunks: [1024],
      });
      const dataset = layer.get('0');
      if (dataset && 'resize' in dataset) dataset.resize([2 ** 33]);
    });
    expect(bytes.length).toBeLessThan(100_000);
    await expect(read(bytes)).rejects.toThrow('x.h5: the weights are larger than 1 GiB');
  });

  test('a link to another file leads nowhere', async () => {
    const bytes = await made((file) => {
      const layer = file.create_group('layers').create_group('conv2d').create_group('vars');
      layer.create_attribute('name', 'conv1');
      layer.create_external_link('/etc/passwd', '/', '0');
    });
    await expect(read(bytes)).rejects.toThrow(/x\.h5: (no Keras model|a damaged)/);
  });

  test.each([100, 2000, 12_000])('cut after %d bytes', async (length) => {
    await expect(read(bytesOf('sample.weights.h5').subarray(0, length))).rejects.toThrow(
      /^x\.h5: a damaged or cut HDF5 file \(\w/,
    );
  });
});
