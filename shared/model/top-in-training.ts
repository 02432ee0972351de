import {
  add,
  argMax,
  cast,
  dispose,
  equal,
  keep,
  losses,
  matMul,
  oneHot,
  type Optimizer,
  type Scalar,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  type Tensor2D,
  tidy,
  Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import type { HeadWeights } from './classifier.ts';

/** Photos at the boundary of a split backbone; their numbers may lie on disk. */
export interface BoundarySet {
  /** Class of each row. */
  readonly labels: Int32Array;
  /** The rows asked for, in that order: [rows, …boundary]. */
  readonly read: (rows: readonly number[]) => Promise<Float32Array>;
}

/** What some rows came to. */
export interface BatchResult {
  readonly rows: number;
  /** Mean cross-entropy. */
  readonly loss: number;
  /** Rows whose highest score was their class. */
  readonly hits: number;
}

/** The top of a backbone with a head on it, open for learning. */
export interface TopInTraining {
  readonly learn: (set: BoundarySet, rows: readonly number[], optimizer: Optimizer) => Promise<BatchResult>;
  readonly judge: (set: BoundarySet, rows: readonly number[]) => Promise<BatchResult>;
  /** Everything that learns: the head's kernel and bias, then the top's own weights. */
  readonly read: () => Promise<Float32Array[]>;
  readonly write: (values: readonly Float32Array[]) => void;
  /** Frees the head's variables; the top stays its owner's. */
  readonly dispose: () => void;
}

/** Puts a head on the top of a split backbone. */
export function openTop(
  top: LayersModel,
  boundary: readonly number[],
  head: HeadWeights,
  labelSmoothing: number,
): TopInTraining {
  const [kernel, bias] = tidy(
    () =>
      [
        variable(tensor(head.kernel, [head.dims, head.classes])),
        variable(tensor(head.bias, [head.classes])),
      ] as const,
  );
  const trained = [kernel, bias, ...ownVariables(top)];
  const run = (x: Tensor, labels: Int32Array): { readonly loss: Scalar; readonly hits: Tensor } => {
    const features = top.apply(x, { training: false }) as Tensor2D;
    const logits = add(matMul(features, kernel as Tensor2D), bias);
    const goal = oneHot(tensor1d(labels, 'int32'), head.classes);
    const hit = cast(equal(argMax(logits, 1), tensor1d(labels, 'int32')), 'float32');
    return { loss: losses.softmaxCrossEntropy(goal, logits, undefined, labelSmoothing), hits: sum(hit) };
  };
  const batch = async (
    set: BoundarySet,
    rows: readonly number[],
    work: (x: Tensor, labels: Int32Array) => { readonly loss: Tensor; readonly hits: Tensor },
  ): Promise<BatchResult> => {
    const numbers = await set.read(rows);
    const labels = Int32Array.from(rows, (row) => set.labels[row] ?? 0);
    const result = tidy(() => work(tensor(numbers, [rows.length, ...boundary]), labels));
    const [[loss = NaN], [hits = NaN]] = await Promise.all([result.loss.data(), result.hits.data()]);
    dispose([result.loss, result.hits]);
    return { rows: rows.length, loss, hits };
  };
  return {
    judge: (set, rows) => batch(set, rows, run),
    learn: (set, rows, optimizer) =>
      batch(set, rows, (x, labels) => {
        const seen: Tensor[] = [];
        const { value, grads } = variableGrads(() => {
          const { loss, hits } = run(x, labels);
          seen.push(keep(hits));
          return loss;
        }, trained);
        optimizer.applyGradients(
          Object.entries(grads).map(([name, gradient]) => ({ name, tensor: gradient })),
        );
        return { loss: value, hits: seen[0] ?? value };
      }),
    read: () => Promise.all(trained.map(async (v) => Float32Array.from(await v.data()))),
    write: (values) => {
      tidy(() => {
        trained.forEach((v, i) => {
          v.assign(tensor(values[i] ?? [], v.shape));
        });
      });
    },
    dispose: () => {
      dispose([kernel, bias]);
    },
  };
}

function ownVariables(top: LayersModel): Variable[] {
  return top.trainableWeights.map((w) => w.read()).filter((t): t is Variable => t instanceof Variable);
}
