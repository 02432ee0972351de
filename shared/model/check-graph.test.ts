import { describe, expect, test } from 'vitest';

import { checkGraph } from './check-graph.ts';
import { type CompiledFile, compiledRecord } from './compiled-format.ts';

/** A tiny network: one convolution to 4 channels, pool, classifier for 2. */
function tiny(): CompiledFile {
  return {
    v: 2,
    preprocessing: { size: 16, range: [-1, 1], resize: 'letterbox' },
    classes: 2,
    features: 2,
    bytes: 488,
    tensors: [
      { name: 'filter', shape: [3, 3, 3, 4], dtype: 'float32', offset: 0 },
      { name: 'filter bias', shape: [4], dtype: 'float32', offset: 432 },
      { name: 'head', shape: [4, 2], dtype: 'float32', offset: 448 },
      { name: 'head bias', shape: [2], dtype: 'float32', offset: 480 },
    ],
    ops: [
      { op: 'conv', input: 0, filter: 0, bias: 1, strides: [2, 2], pad: 'same', activation: 'relu6' },
      { op: 'mean', input: 1 },
      { op: 'dense', input: 2, kernel: 2, bias: 3, activation: 'linear' },
    ],
  };
}

/** The tiny network with one thing about it changed. */
function but(change: (file: CompiledFile) => void): CompiledFile {
  const file = structuredClone(tiny());
  change(file);
  return file;
}

test('a network that fits together passes, and its feature vector has a length', () => {
  const file = compiledRecord.read(tiny(), 'model.json');
  expect(checkGraph(file, 488)).toEqual({ features: 4 });
});

describe('a hostile or damaged network', () => {
  test.each<[string, RegExp, (file: CompiledFile) => void]>([
    ['reads itself', /node 1, which is not computed before/, (f) => Object.assign(f.ops[0]!, { input: 1 })],
    [
      'reads the future',
      /node 3, which is not computed before/,
      (f) => Object.assign(f.ops[1]!, { input: 3 }),
    ],
    [
      'reads beyond its weights',
      /"head" reaches beyond/,
      (f) => Object.assign(f.tensors[2]!, { offset: 484 }),
    ],
    [
      'names a tensor that is not there',
      /tensor 9 is missing/,
      (f) => Object.assign(f.ops[0]!, { filter: 9 }),
    ],
    ['has a kernel that does not fit', /does not fit its input/, (f) => (f.tensors[2]!.shape = [2, 4])],
    ['has a filter for other channels', /filter for 1 channels/, (f) => (f.tensors[0]!.shape = [3, 3, 1, 4])],
    ['has a bias of another length', /bias of another length/, (f) => (f.tensors[1]!.shape = [3])],
    [
      'adds different shapes',
      /different shapes/,
      (f) => f.ops.splice(1, 1, { op: 'add', left: 0, right: 1 }),
    ],
    ['pools what is no image', /is no image/, (f) => f.ops.splice(2, 0, { op: 'mean', input: 2 })],
    ['ends in another number of classes', /expected \[3\]/, (f) => (f.classes = 3)],
    ['has an image as feature vector', /no feature vector/, (f) => (f.features = 1)],
    [
      'has a filter larger than its image',
      /larger than its input/,
      (f) => {
        f.tensors[0]!.shape = [20, 1, 3, 1];
        f.tensors[1]!.shape = [1];
        Object.assign(f.ops[0]!, { pad: 'valid' });
      },
    ],
    [
      'scales by a vector of another length',
      /4 factors for 3 channels/,
      (f) => f.ops.splice(2, 0, { op: 'scale', input: 0, factors: 2 }),
    ],
    ['scales by an image', /is no vector/, (f) => f.ops.splice(2, 0, { op: 'scale', input: 1, factors: 1 })],
    [
      'joins images of different sizes',
      /joins images of different sizes/,
      (f) => f.ops.splice(2, 0, { op: 'concat', inputs: [0, 1] }),
    ],
    ['joins what is no image', /is no image/, (f) => f.ops.splice(2, 0, { op: 'concat', inputs: [1, 2] })],
    [
      'pools with a window larger than its image',
      /larger than its input/,
      (f) => f.ops.splice(1, 0, { op: 'max-pool', input: 1, window: [9, 9], strides: [1, 1], pad: 'valid' }),
    ],
    [
      'pads a vector',
      /is no image/,
      (f) => f.ops.splice(2, 0, { op: 'pad', input: 2, top: 1, bottom: 1, left: 1, right: 1 }),
    ],
    [
      'activates the future',
      /not computed before/,
      (f) => f.ops.splice(1, 0, { op: 'activate', input: 2, activation: 'relu' }),
    ],
    [
      'doubles its image until it is too large',
      /asks for too much memory/,
      (f) => {
        const more = Array.from({ length: 20 }, (_, i) => ({
          op: 'concat' as const,
          inputs: Array.from({ length: 2 }, () => i),
        }));
        f.ops.splice(0, 3, ...more);
      },
    ],
    [
      'keeps more and more results for one last reader',
      /too much memory beside the others/,
      (f) => {
        f.preprocessing.size = 1024;
        const wide = { op: 'concat' as const, inputs: Array.from({ length: 16 }, () => 0) };
        const sums = [1, 2, 3].map((left) => ({ op: 'add' as const, left, right: 1 }));
        f.ops.splice(0, 3, wide, wide, wide, ...sums);
      },
    ],
  ])('that %s is refused', (_, message, change) => {
    expect(() => checkGraph(but(change), 488)).toThrow(message);
  });

  test('whose weights file is cut short is refused', () => {
    expect(() => checkGraph(tiny(), 484)).toThrow(/484 bytes, expected 488/);
  });

  test.each<[string, (file: CompiledFile) => void]>([
    ['a negative offset', (f) => Object.assign(f.tensors[0]!, { offset: -4 })],
    ['an offset between two numbers', (f) => Object.assign(f.tensors[0]!, { offset: 2 })],
    ['an unknown operation', (f) => Object.assign(f.ops[0]!, { op: 'eval' })],
    ['a stride of 0', (f) => Object.assign(f.ops[0]!, { strides: [0, 1] })],
    [
      'a window of 0',
      (f) => f.ops.splice(1, 0, { op: 'max-pool', input: 1, window: [0, 1], strides: [1, 1], pad: 'same' }),
    ],
    [
      'a join of everything',
      (f) => f.ops.splice(1, 0, { op: 'concat', inputs: Array.from({ length: 17 }, () => 1) }),
    ],
    [
      'a margin of 1000',
      (f) => f.ops.splice(1, 0, { op: 'pad', input: 1, top: 1000, bottom: 0, left: 0, right: 0 }),
    ],
    ['an unknown activation', (f) => Object.assign(f.ops[2]!, { activation: 'softmax' })],
    ['an unknown field', (f) => Object.assign(f, { more: 1 })],
  ])('with %s does not pass the schema', (_, change) => {
    expect(() => compiledRecord.read(but(change), 'model.json')).toThrow(
      /model\.json: not a valid compiled network/,
    );
  });
});
