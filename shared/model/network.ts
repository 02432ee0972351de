import {
  clone,
  dispose,
  keep,
  softmax,
  type Tensor,
  tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';

import type { Preprocessing } from '../schema/model.ts';
import { checkGraph } from './check-graph.ts';
import { type CompiledFile, type CompiledOp, lastReaders, readsOf } from './compiled-format.ts';
import { runOp } from './run-op.ts';

/** A compiled classifier on the engine that was chosen. It owns its weights until `dispose`. */
export interface Network {
  readonly preprocessing: Preprocessing;
  /** Number of classes. */
  readonly classes: number;
  /** Length of a feature vector. */
  readonly features: number;
  /** [n, size, size, 3] as `preprocess` makes it → softmax [n, classes]. The caller disposes the result. */
  readonly predict: (input: Tensor4D) => Tensor2D;
  /** [n, size, size, 3] → features [n, features]. The caller disposes the result. */
  readonly embed: (input: Tensor4D) => Tensor2D;
  /** Both in one pass, for the price of one. The caller disposes both. */
  readonly predictWithFeatures: (input: Tensor4D) => { scores: Tensor2D; features: Tensor2D };
  readonly dispose: () => void;
}

/**
 * Puts a compiled network on the current engine. The bytes stay the caller's: after a lost GPU device, choose an
 * engine again and call this again with the same two arguments.
 * @param file as `compiledRecord.read` gave it
 * @throws NetworkError where graph and weights do not fit together
 */
export function loadNetwork(file: CompiledFile, weights: ArrayBuffer): Network {
  const { features } = checkGraph(file, weights.byteLength);
  const tensors = tidy(() =>
    file.tensors.map((spec) => {
      const length = spec.shape.reduce((a, b) => a * b, 1);
      return keep(tensor(new Float32Array(weights, spec.offset, length), [...spec.shape], 'float32'));
    }),
  );
  const runTo = (input: Tensor4D, node: number): Tensor2D => run(file.ops.slice(0, node), tensors, input);
  return {
    preprocessing: file.preprocessing,
    classes: file.classes,
    features,
    predict: (input) => tidy(() => softmax(runTo(input, file.ops.length))),
    embed: (input) => tidy(() => runTo(input, file.features)),
    predictWithFeatures: (input) =>
      tidy(() => {
        const results = runAll(file.ops, tensors, input, new Set([file.features]));
        return {
          scores: softmax(results.at(-1) as Tensor2D),
          // Where the features are the input itself the caller gets a tensor of its own all the same.
          features: clone(results[file.features] as Tensor2D),
        };
      }),
    dispose: () => {
      dispose(tensors);
    },
  };
}

/** The last result alone. */
function run(ops: readonly CompiledOp[], tensors: readonly Tensor[], input: Tensor4D): Tensor2D {
  return runAll(ops, tensors, input, NOTHING).at(-1) as Tensor2D;
}

const NOTHING: ReadonlySet<number> = new Set();

/**
 * Runs the operations in order; each result is freed after its last reader, so that memory stays small.
 * @param kept nodes whose results stay
 * @returns results by node; those that are not kept are freed, but for the last
 */
function runAll(
  ops: readonly CompiledOp[],
  tensors: readonly Tensor[],
  input: Tensor4D,
  kept: ReadonlySet<number>,
): Tensor[] {
  const last = lastReaders(ops);
  const results: Tensor[] = [input];
  ops.forEach((op, i) => {
    results.push(tidy(() => runOp(op, { results, tensors })));
    for (const node of new Set(readsOf(op))) {
      if (node > 0 && !kept.has(node) && last.get(node) === i) results[node]?.dispose();
    }
  });
  return results;
}
