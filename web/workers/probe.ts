/** A tiny network whose answer is known: an engine that computes it wrongly, or not in time, is not used. */
import type { CompiledFile } from '#shared/model/compiled-format.ts';
import { loadNetwork } from '#shared/model/network.ts';
import { preprocess } from '#shared/model/preprocess.ts';

const SIZE = 16;
const SHAPES: Readonly<Record<string, readonly number[]>> = {
  filter: [3, 3, 3, 8],
  bias: [8],
  depth: [3, 3, 8, 1],
  kernel: [8, 4],
  out: [4],
};

/** Computed with the cpu engine. */
export const PROBE_ANSWER: readonly number[] = [0.1385794, 0.5141301, 0.1868156, 0.160475];

/** GPUs that only have 16-bit floats differ by about a thousandth. */
const TOLERANCE = 5e-3;

/** Runs the probe on the current engine. @throws Error when the answer is not the known one */
export async function checkEngine(): Promise<void> {
  const answer = await runProbe();
  const wrong = answer.findIndex((value, i) => !(Math.abs(value - (PROBE_ANSWER[i] ?? NaN)) < TOLERANCE));
  if (wrong !== -1) throw new Error(`it computes wrongly (${answer.map((a) => a.toFixed(4)).join(', ')})`);
}

/** Softmax of the probe network on the current engine. */
async function runProbe(): Promise<number[]> {
  const { file, weights } = probeNetwork();
  const network = loadNetwork(file, weights);
  const data = Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => (i * 7919) % 256);
  const input = preprocess([{ width: SIZE, height: SIZE, data }], file.preprocessing);
  const output = network.predict(input);
  try {
    return Array.from(await output.data());
  } finally {
    input.dispose();
    output.dispose();
    network.dispose();
  }
}

/** A network of a few hundred weights, the same in every run. */
export function probeNetwork(): { file: CompiledFile; weights: ArrayBuffer } {
  let offset = 0;
  const tensors = Object.entries(SHAPES).map(([name, shape]) => {
    const spec = { name, shape: [...shape], dtype: 'float32' as const, offset };
    offset += 4 * shape.reduce((a, b) => a * b, 1);
    return spec;
  });
  const weights = Float32Array.from({ length: offset / 4 }, (_, i) => (((i * 31) % 17) - 8) / 10);
  const same = { strides: [2, 2], pad: 'same', activation: 'relu6' } as const;
  const file: CompiledFile = {
    v: 2,
    preprocessing: { size: SIZE, range: [-1, 1], resize: 'letterbox' },
    classes: 4,
    features: 3,
    bytes: offset,
    tensors,
    ops: [
      { op: 'conv', input: 0, filter: 0, bias: 1, ...same, strides: [2, 2] },
      { op: 'depthwise', input: 1, filter: 2, bias: 1, ...same, strides: [2, 2] },
      { op: 'mean', input: 2 },
      { op: 'dense', input: 3, kernel: 3, bias: 4, activation: 'linear' },
    ],
  };
  return { file, weights: weights.buffer };
}
