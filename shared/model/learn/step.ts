import {
  add,
  argMax,
  cast,
  div,
  equal,
  gather,
  keep,
  logSoftmax,
  mul,
  neg,
  type Scalar,
  stack,
  sum,
  type Tensor,
  tensor1d,
  type Tensor2D,
  tensor2d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';

import type { Random } from '../../dataset/random.ts';
import { drawMix, dropoutMask, type Mix } from './draw.ts';
import { joinMet, type MovingStatistics } from './moving-statistics.ts';
import type { Optimizer } from './optimizer.ts';
import type { MetStatistics, NormMode } from './run-layers.ts';
import { type TargetOptions, targetsOf } from './targets.ts';
import type { Trainee } from './trainee.ts';

/** What is done with a batch besides running it. */
export interface StepOptions {
  readonly norm: NormMode;
  /** Share of the features that is left out at random before the head. */
  readonly dropout: number;
  /** α of mixup's beta distribution; 0: photos stay unmixed. */
  readonly mixup: number;
  readonly targets: TargetOptions;
}

/** The things that a step changes. */
export interface Learning {
  readonly trainee: Trainee;
  readonly optimizer: Optimizer;
  /** null: batch-norm statistics are fixed. */
  readonly moving: MovingStatistics | null;
}

/** What some rows came to, added up. */
export interface Tally {
  readonly rows: number;
  readonly loss: number;
  /** Rows whose highest score was their class. */
  readonly hits: number;
}

/**
 * One step of training. @param input of the trainee; stays the caller's
 * @returns sums over the batch; the loss may be no number, and the weights are then worth nothing
 */
export async function learnBatch(
  { trainee, optimizer, moving }: Learning,
  batch: { readonly input: Tensor; readonly labels: Int32Array },
  options: StepOptions,
  pace: { readonly rate: number; readonly momentum: number | null; readonly random: Random },
): Promise<Tally> {
  const { labels } = batch;
  const mix = options.mixup > 0 ? drawMix(labels.length, options.mixup, pace.random) : null;
  const mask =
    options.dropout > 0 ? dropoutMask(labels.length * trainee.dims, options.dropout, pace.random) : null;
  const result = tidy(() => {
    const input = mix ? mixed(batch.input, mix) : batch.input;
    const kept: { logits?: Tensor2D; met?: ReturnType<typeof joinMet> } = {};
    const { value, grads } = variableGrads(() => {
      const met: MetStatistics[] = [];
      const logits = trainee.forward(input, options.norm, {
        met: (statistics) => met.push(statistics),
        ...(mask ? { features: (f) => mul(f, tensor2d(mask, [labels.length, trainee.dims])) } : {}),
      });
      kept.logits = keep(logits);
      if (met.length > 0) kept.met = keep(joinMet(met));
      return crossEntropy(logits, targetsOf(labels, options.targets, mix));
    }, [...trainee.variables]);
    optimizer.step((v) => grads[v.name] as Tensor, pace);
    if (kept.met && moving) moving.follow(kept.met);
    const hits = hitsOf(kept.logits as Tensor2D, labels);
    kept.logits?.dispose();
    kept.met?.dispose();
    return stack([mul(value, labels.length), hits]);
  });
  return read(result, labels.length);
}

/** Loss (plain cross-entropy, natural logarithm) and hits of a batch; nothing is changed. */
export async function judgeBatch(
  trainee: Trainee,
  batch: { readonly input: Tensor; readonly labels: Int32Array },
): Promise<Tally> {
  const { labels } = batch;
  const { classes } = trainee;
  const result = tidy(() => {
    const logits = trainee.forward(batch.input, 'fixed');
    const goal = targetsOf(labels, { classes, labelSmoothing: 0, weights: null }, null);
    return stack([mul(crossEntropy(logits, goal), labels.length), hitsOf(logits, labels)]);
  });
  return read(result, labels.length);
}

async function read(result: Tensor, rows: number): Promise<Tally> {
  try {
    const [loss = NaN, hits = NaN] = await result.data();
    return { rows, loss, hits };
  } finally {
    result.dispose();
  }
}

/** −Σ target · log p, divided by the rows. */
function crossEntropy(logits: Tensor2D, targets: Float32Array): Scalar {
  const goal = tensor2d(targets, logits.shape);
  return div(neg(sum(mul(goal, logSoftmax(logits)))), logits.shape[0]);
}

function hitsOf(logits: Tensor2D, labels: Int32Array): Scalar {
  return sum(cast(equal(argMax(logits, 1), tensor1d(labels, 'int32')), 'float32'));
}

function mixed(input: Tensor, { share, partners }: Mix): Tensor {
  const other = gather(input, tensor1d([...partners], 'int32'));
  return add(mul(input, share), mul(other, 1 - share));
}
