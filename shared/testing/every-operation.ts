import { createRandom } from '../dataset/random.ts';
import type { CompiledNetwork } from '../model/compile.ts';
import { type CompiledFile, type CompiledOp, compiledRecord } from '../model/compiled-format.ts';

/** Edge of its input. */
export const EVERY_SIZE = 16;

/** A tiny network with every operation and every activation of the compiled form, and numbers that do not vanish. */
export function everyOperation(): CompiledNetwork {
  const tensors: CompiledFile['tensors'] = [];
  const numbers: number[] = [];
  const random = createRandom(1);
  const store = (...shape: number[]): number => {
    const length = shape.reduce((a, b) => a * b, 1);
    tensors.push({ name: `tensor ${tensors.length}`, shape, dtype: 'float32', offset: 4 * numbers.length });
    const size = shape.length === 1 ? 0.3 : Math.sqrt(6 / (length / (shape.at(-1) ?? 1)));
    for (let i = 0; i < length; i += 1) numbers.push(size * (2 * random.next() - 1));
    return tensors.length - 1;
  };
  const filter = (...shape: [number, number, number, number]): { filter: number; bias: number } => ({
    filter: store(...shape),
    bias: store(shape[3] === 1 ? shape[2] : shape[3]),
  });
  const matrix = (from: number, to: number): { kernel: number; bias: number } => ({
    kernel: store(from, to),
    bias: store(to),
  });
  const once: [number, number] = [1, 1];
  const pool = { input: 7, window: [3, 3] as [number, number], strides: once, pad: 'same' as const };
  const ops: CompiledOp[] = [
    { op: 'conv', input: 0, ...filter(3, 3, 3, 8), strides: [2, 2], pad: 'same', activation: 'relu6' },
    { op: 'pad', input: 1, top: 1, bottom: 0, left: 2, right: 1 },
    { op: 'depthwise', input: 2, ...filter(2, 4, 8, 1), strides: once, pad: 'valid', activation: 'swish' },
    { op: 'mean', input: 3 },
    { op: 'dense', input: 4, ...matrix(8, 4), activation: 'hardSwish' },
    { op: 'dense', input: 5, ...matrix(4, 8), activation: 'sigmoid' },
    { op: 'scale', input: 3, factors: 6 },
    { op: 'conv', input: 7, ...filter(1, 7, 8, 8), strides: once, pad: 'same', activation: 'hardSigmoid' },
    { op: 'max-pool', ...pool },
    { op: 'average-pool', ...pool },
    { op: 'concat', inputs: [8, 9, 10] },
    { op: 'conv', input: 11, ...filter(1, 1, 24, 8), strides: once, pad: 'valid', activation: 'linear' },
    { op: 'add', left: 12, right: 7 },
    { op: 'activate', input: 13, activation: 'relu' },
    { op: 'conv', input: 14, ...filter(3, 3, 8, 8), strides: [2, 2], pad: 'valid', activation: 'hardSwish' },
    { op: 'activate', input: 15, activation: 'swish' },
    { op: 'mean', input: 16 },
    { op: 'dense', input: 17, ...matrix(8, 4), activation: 'linear' },
  ];
  const weights = new Uint8Array(Float32Array.from(numbers).buffer);
  const preprocessing = { size: EVERY_SIZE, range: [-1, 1], resize: 'letterbox' };
  const rest = { classes: 4, features: 17, bytes: weights.byteLength, tensors, ops };
  return { file: compiledRecord.read({ v: 2, preprocessing, ...rest }, 'model.json'), weights };
}
