import { describe, expect, test } from 'vitest';

import { halfToFloat } from './dequantise.ts';
import { readLayersModel } from './layers-model.ts';
import type { LayersModelFiles } from './weights.ts';

interface Weight {
  name: string;
  shape: number[];
  dtype: string;
  quantization?: object;
}

function source(weights: Weight[], bytes: Uint8Array, path = 'w.bin'): LayersModelFiles {
  return {
    modelJson: {
      modelTopology: {
        model_config: { config: { layers: [{ class_name: 'InputLayer', config: { name: 'in' } }] } },
      },
      weightsManifest: [{ paths: [path], weights }],
    },
    loadFile: () => Promise.resolve(bytes),
  };
}

describe('weights come out as float32', () => {
  test('stored as such, whatever offset they start at in the file', async () => {
    const bytes = new Uint8Array(5);
    bytes[0] = 2;
    new DataView(bytes.buffer).setFloat32(1, -1.5, true);
    const u8 = {
      name: 'a',
      shape: [1],
      dtype: 'float32',
      quantization: { dtype: 'uint8', scale: 0.5, min: -3 },
    };
    const { weights } = await readLayersModel(
      source([u8, { name: 'b', shape: [1], dtype: 'float32' }], bytes),
    );
    expect([...weights.values()].map((w) => [w.name, ...w.data])).toEqual([
      ['a', -2],
      ['b', -1.5],
    ]);
  });

  test('stored as uint16: level · scale + min', async () => {
    const bytes = new Uint8Array(Uint16Array.of(0, 1000).buffer);
    const spec = {
      name: 'a',
      shape: [2],
      dtype: 'float32',
      quantization: { dtype: 'uint16', scale: 0.01, min: 1 },
    };
    const { weights } = await readLayersModel(source([spec], bytes));
    expect([...weights.get('a')!.data]).toEqual([1, 11]);
  });

  test('stored as float16', () => {
    expect([0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000].map(halfToFloat)).toEqual([
      1,
      -2,
      2 ** -24,
      65504,
      Infinity,
      -0,
    ]);
    expect(halfToFloat(0x7e00)).toBeNaN();
  });
});

describe('a manifest from outside is not trusted', () => {
  const one: Weight = { name: 'a', shape: [1], dtype: 'float32' };
  const four = new Uint8Array(4);

  test.each(['../w.bin', '/w.bin', 'a/../../w.bin', 'C:\\w.bin', 'https://x.org/w.bin', ''])(
    'the path %j is refused before any file is read',
    async (path) => {
      const s = source([one], four, path);
      const read: string[] = [];
      const spy = { ...s, loadFile: (p: string) => (read.push(p), s.loadFile(p)) };
      await expect(readLayersModel(spy)).rejects.toThrow(/model\.json: .*plain relative path/);
      expect(read).toEqual([]);
    },
  );

  test.each<[string, Weight[], RegExp]>([
    ['a name with odd characters', [{ ...one, name: 'a b' }], /plain name/],
    ['a negative edge', [{ ...one, shape: [-1] }], /shape/],
    ['weights that are no floats', [{ ...one, dtype: 'string' }], /float32/],
    ['more than a GiB', [{ ...one, shape: [1 << 15, 1 << 15] }], /larger than 1 GiB/],
    ['the same name twice', [one, one], /a: is there twice/],
    ['more numbers than bytes', [{ ...one, shape: [2] }], /w\.bin: 4 bytes, but its weights need 8/],
    ['fewer numbers than bytes', [{ ...one, shape: [0] }], /w\.bin: too long/],
  ])('%s', async (what, weights, message) => {
    const bytes = what === 'the same name twice' ? new Uint8Array(8) : four;
    await expect(readLayersModel(source(weights, bytes))).rejects.toThrow(message);
  });

  test.each([null, [], {}, { modelTopology: {}, weightsManifest: [] }, 'text'])(
    '%j is no model',
    async (modelJson) => {
      await expect(readLayersModel({ modelJson, loadFile: () => Promise.resolve(four) })).rejects.toThrow(
        /not a TensorFlow\.js layers model/,
      );
    },
  );
});
