import {
  add,
  argMax,
  cast,
  dispose,
  equal,
  log,
  matMul,
  mul,
  oneHot,
  type Scalar,
  scalar,
  softmax,
  stack,
  sub,
  sum,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  train,
  transpose,
  variable,
  type Variable,
  zeros,
} from '@tensorflow/tfjs-core';

import { createRandom } from '../dataset/random.ts';
import type { HeadWeights } from './classifier.ts';
import { centre, meansOf, uncentre } from './centre.ts';
import { inBatches } from './learn/draw.ts';
import { LossFailed } from './learn/failed.ts';
import {
  batchOf,
  checkSet,
  type Epoch,
  type FeatureSet,
  type StopSignal,
  TrainingCancelled,
  Watch,
} from './training.ts';

/** How a head is trained. The defaults were chosen by experiment: docs/benchmarks.md. */
export interface HeadOptions {
  readonly epochs: number;
  readonly batchSize: number;
  /** Adam's step. */
  readonly learningRate: number;
  /** Pull of the weights towards 0, apart from the gradient (AdamW): kernel −= learningRate · weightDecay · kernel. */
  readonly weightDecay: number;
  /** Share of the target that is spread over all classes (0…1). */
  readonly labelSmoothing: number;
  /** Epochs without a better validation loss after which training stops. */
  readonly patience: number;
  readonly seed: number;
}

export const HEAD_DEFAULTS: HeadOptions = {
  epochs: 60,
  batchSize: 64,
  learningRate: 3e-3,
  weightDecay: 0.1,
  labelSmoothing: 0,
  patience: 10,
  seed: 1,
};

export interface HeadJob extends FeatureSet {
  readonly classes: number;
  /** Chooses the best epoch; null: the training loss does. */
  readonly validation: FeatureSet | null;
  readonly options?: Partial<HeadOptions>;
  readonly onEpoch?: (epoch: Epoch) => void;
  readonly signal?: StopSignal;
  /** A training row's photo in messages; without it, its number. */
  readonly nameOf?: (row: number) => string;
}

export interface TrainedHead {
  /** Of the best epoch. */
  readonly head: HeadWeights;
  readonly history: readonly Epoch[];
  readonly bestEpoch: number;
}

/**
 * Trains a linear softmax classifier on cached features with Adam; keeps the epoch of the lowest loss.
 * The same data, options and seed give the same weights on the same engine.
 * @throws RangeError for features and labels that do not fit together, LossFailed naming the batch whose loss is no
 *   number, TrainingCancelled after `signal`
 */
export async function trainHead(job: HeadJob): Promise<TrainedHead> {
  const options = { ...HEAD_DEFAULTS, ...job.options };
  const rows = checkSet(job, job.classes, 'training');
  const dims = job.features.length / rows;
  if (job.validation) checkSet(job.validation, job.classes, 'validation', dims);
  const means = meansOf(job.features, dims);
  const training = { features: centre(job.features, means), labels: job.labels };
  const validation = job.validation && {
    features: centre(job.validation.features, means),
    labels: job.validation.labels,
  };
  const state = start(dims, job.classes, options);
  const watch = new Watch<HeadWeights>(options.patience);
  const random = createRandom(options.seed);
  try {
    for (let epoch = 1; epoch <= options.epochs && !watch.exhausted; epoch += 1) {
      if (job.signal?.aborted) throw new TrainingCancelled();
      const began = Date.now();
      const order = random.shuffle(Array.from({ length: rows }, (_, i) => i));
      const plan = inBatches(order, options.batchSize);
      const losses = plan.map((batch) => step(state, batchOf(training, dims, batch), options));
      await refuseNaN(losses, { epoch, plan, nameOf: job.nameOf ?? String, rate: options.learningRate });
      const learned = await evaluate(state, training, options);
      const seen = validation && (await evaluate(state, validation, options));
      const result: Epoch = {
        epoch,
        loss: learned.loss,
        accuracy: learned.accuracy,
        validationLoss: seen?.loss ?? null,
        validationAccuracy: seen?.accuracy ?? null,
        learningRate: options.learningRate,
        seconds: (Date.now() - began) / 1000,
      };
      if (watch.see(result)) watch.keep(await snapshot(state, means));
      job.onEpoch?.(result);
    }
    return { head: watch.best(), history: watch.history, bestEpoch: watch.bestEpoch };
  } finally {
    state.kernel.dispose();
    state.bias.dispose();
    state.optimizer.dispose();
  }
}

interface State {
  readonly dims: number;
  readonly classes: number;
  readonly kernel: Variable;
  readonly bias: Variable;
  readonly optimizer: ReturnType<typeof train.adam>;
}

function start(dims: number, classes: number, options: HeadOptions): State {
  const [kernel, bias] = tidy(() => [variable(zeros([dims, classes])), variable(zeros([classes]))] as const);
  return { dims, classes, kernel, bias, optimizer: train.adam(options.learningRate) };
}

/**
 * One step of Adam. The gradient is written out because wasm's matMul with a transpose flag is ten times slower.
 * @returns the batch's mean loss before the step; the caller disposes it
 */
function step(state: State, batch: FeatureSet, options: HeadOptions): Scalar {
  const { kernel, bias, dims, classes, optimizer } = state;
  return tidy(() => {
    const rows = batch.labels.length;
    const x = tensor2d(batch.features, [rows, dims]);
    const p = softmax(logits(state, x));
    const goal = targets(batch.labels, classes, options.labelSmoothing);
    const slope = mul<Tensor2D>(sub(p, goal), scalar(1 / rows));
    optimizer.applyGradients([
      { name: kernel.name, tensor: matMul(transpose(x), slope) },
      { name: bias.name, tensor: sum(slope, 0) },
    ]);
    kernel.assign(mul(kernel, scalar(1 - options.learningRate * options.weightDecay)));
    return lossOf(p, goal, rows);
  });
}

/** −Σ goal · log p, divided by `rows`. */
function lossOf(p: Tensor2D, goal: Tensor2D, rows: number): Scalar {
  return mul(sum(mul(goal, log(add(p, 1e-12)))), -1 / rows);
}

/** Looks at the losses of an epoch, all at once so that no step waits for its own, and disposes them. */
async function refuseNaN(
  losses: Scalar[],
  at: { epoch: number; plan: readonly (readonly number[])[]; nameOf: (row: number) => string; rate: number },
): Promise<void> {
  const all = stack(losses);
  dispose(losses);
  const values = await all.data();
  all.dispose();
  const batch = values.findIndex((loss) => !Number.isFinite(loss));
  if (batch === -1) return;
  const photos = (at.plan[batch] ?? []).map(at.nameOf);
  throw new LossFailed({ epoch: at.epoch, batch: batch + 1, batches: losses.length, photos, rate: at.rate });
}

function logits(state: State, x: Tensor2D): Tensor2D {
  return add(matMul(x, state.kernel as unknown as Tensor2D), state.bias);
}

function targets(labels: Int32Array, classes: number, smoothing: number): Tensor2D {
  const sharp = cast(oneHot(tensor1d(labels, 'int32'), classes), 'float32') as Tensor2D;
  return smoothing === 0 ? sharp : add(mul(sharp, 1 - smoothing), smoothing / classes);
}

/** Rows that go through the classifier together when it is only evaluated. */
const CHUNK = 1024;

async function evaluate(
  state: State,
  set: FeatureSet,
  options: HeadOptions,
): Promise<{ loss: number; accuracy: number }> {
  const { dims, classes } = state;
  const rows = set.labels.length;
  let [loss, right] = [0, 0];
  for (let at = 0; at < rows; at += CHUNK) {
    const labels = set.labels.subarray(at, at + CHUNK);
    const features = set.features.subarray(at * dims, (at + labels.length) * dims);
    const [losses, hits] = tidy(() => {
      const p = softmax(logits(state, tensor2d(features, [labels.length, dims])));
      const goal = targets(labels, classes, options.labelSmoothing);
      const hit = sum(cast(equal(argMax(p, 1), tensor1d(labels, 'int32')), 'float32'));
      return [lossOf(p, goal, 1), hit] as const;
    });
    loss += (await losses.data())[0] ?? 0;
    right += (await hits.data())[0] ?? 0;
    losses.dispose();
    hits.dispose();
  }
  return { loss: loss / rows, accuracy: right / rows };
}

/** The weights for features as they are: those in training see features around their mean. */
async function snapshot(state: State, means: Float64Array): Promise<HeadWeights> {
  const { dims, classes } = state;
  const kernel = Float32Array.from(await state.kernel.data());
  const bias = uncentre(kernel, Float32Array.from(await state.bias.data()), means);
  return { dims, classes, kernel, bias };
}
