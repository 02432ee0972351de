import { type Epoch, type StopSignal, TrainingCancelled } from '../training.ts';
import { drawBatches, inBatches, randomOfStep } from './draw.ts';
import { LossFailed } from './failed.ts';
import { readAll, writeAll } from './flat.ts';
import { followStatistics } from './moving-statistics.ts';
import { createOptimizer, type OptimizerOptions, type OptimizerState } from './optimizer.ts';
import { labelsOf, type PhotoStream } from './photos.ts';
import type { NormMode } from './run-layers.ts';
import { paceAt, type Schedule } from './schedule.ts';
import { judgeBatch, type Learning, learnBatch, type StepOptions, type Tally } from './step.ts';
import { classWeights } from './targets.ts';
import type { Trainee } from './trainee.ts';

/** How a phase of training goes. */
export interface FitOptions {
  /** Most rounds over the training photos. */
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly schedule: Schedule;
  readonly optimizer: OptimizerOptions;
  readonly norm: NormMode;
  readonly labelSmoothing: number;
  readonly dropout: number;
  readonly mixup: number;
  /** Whether photos of rare classes weigh more. */
  readonly classWeights: boolean;
  /** Epochs without a better validation loss after which training stops. */
  readonly patience: number;
  readonly seed: number;
}

/** Weights at one moment. */
export interface Weights {
  /** Of the trainee's variables, in their order. */
  readonly learnt: Float32Array;
  /** Moving statistics of batch-norm; empty where they are fixed. */
  readonly moving: Float32Array;
}

/** Everything that a training needs to go on after an epoch exactly as if it had never stopped. */
export interface TrainingState {
  /** Epochs done. */
  readonly epoch: number;
  /** Steps done. */
  readonly step: number;
  readonly weights: Weights;
  readonly optimizer: OptimizerState;
  /** Epoch 0: the start. Its loss is null where it was not judged. */
  readonly best: { readonly epoch: number; readonly loss: number | null; readonly weights: Weights };
  readonly history: readonly Epoch[];
}

export interface FitJob {
  /** Its weights are changed to those of the best epoch; after an error they are what they happened to be. */
  readonly trainee: Trainee;
  readonly training: PhotoStream;
  /** Chooses the best epoch; null: the training loss does. */
  readonly validation: PhotoStream | null;
  readonly options: FitOptions;
  /** Whether the start takes part as epoch 0, so that training never ends with a worse validation loss than it began. */
  readonly judgeStart: boolean;
  /** Where an earlier, unfinished fit of the same job was. */
  readonly state?: TrainingState | undefined;
  /** After each epoch; training goes on when the promise is kept. */
  readonly onEpoch?: (state: TrainingState, epoch: Epoch) => Promise<void>;
  /** Within an epoch. */
  readonly onBatch?: (done: number, total: number) => void;
  readonly signal?: StopSignal | undefined;
}

export interface Fitted {
  /** 0: no epoch was better than the start. */
  readonly bestEpoch: number;
  readonly history: readonly Epoch[];
}

/**
 * Trains until the epochs are done or nothing improved for a while, and leaves the trainee with its best weights. The
 * same job gives the same weights on the cpu engine, also when it is cut at any epoch and goes on from its state.
 * @throws LossFailed naming the batch whose loss is no number, TrainingCancelled after `signal`
 */
export async function fit(job: FitJob): Promise<Fitted> {
  const { trainee, options } = job;
  const moving = options.norm === 'batch' && trainee.norms.length > 0 ? followed(trainee) : [];
  if (job.state) restore(trainee, moving, job.state.weights);
  const learning: Learning = {
    trainee,
    optimizer: createOptimizer(trainee.groups, options.optimizer, job.state?.optimizer),
    moving: moving.length > 0 ? followStatistics(trainee.norms) : null,
  };
  const weights = async (): Promise<Weights> => ({
    learnt: await readAll(trainee.variables),
    moving: await readAll(moving),
  });
  try {
    let state = job.state ?? (await startOf(job, learning, await weights()));
    while (state.epoch < options.epochs && state.epoch - state.best.epoch < options.patience) {
      const epoch = await runEpoch(job, learning, state);
      const now = await weights();
      const loss = epoch.validationLoss ?? epoch.loss;
      const better = state.best.loss === null || loss < state.best.loss;
      state = {
        epoch: epoch.epoch,
        step: state.step + stepsOf(job),
        weights: now,
        optimizer: await learning.optimizer.state(),
        best: better ? { epoch: epoch.epoch, loss, weights: now } : state.best,
        history: [...state.history, epoch],
      };
      await job.onEpoch?.(state, epoch);
    }
    restore(trainee, moving, state.best.weights);
    return { bestEpoch: state.best.epoch, history: state.history };
  } finally {
    learning.optimizer.dispose();
    learning.moving?.dispose();
  }
}

function followed({ norms }: Trainee): Trainee['variables'] {
  return [...norms.map((n) => n.mean), ...norms.map((n) => n.variance)];
}

function restore(trainee: Trainee, moving: Trainee['variables'], weights: Weights): void {
  writeAll(trainee.variables, weights.learnt);
  writeAll(moving, weights.moving);
}

async function startOf(job: FitJob, { optimizer }: Learning, weights: Weights): Promise<TrainingState> {
  const judged = job.judgeStart ? await judge(job, job.validation ?? job.training) : null;
  return {
    epoch: 0,
    step: 0,
    weights,
    optimizer: await optimizer.state(),
    best: { epoch: 0, loss: judged && judged.loss / judged.rows, weights },
    history: [],
  };
}

async function runEpoch(job: FitJob, learning: Learning, before: TrainingState): Promise<Epoch> {
  const start = Date.now();
  const epoch = before.epoch + 1;
  const learnt = await learnEpoch(job, learning, before);
  const seen = job.validation && (await judge(job, job.validation));
  if (seen && !Number.isFinite(seen.loss)) throw lossFailed(job, epoch, stepsOf(job), [], learnt.rate);
  return {
    epoch,
    loss: learnt.loss / learnt.rows,
    accuracy: learnt.hits / learnt.rows,
    validationLoss: seen && seen.loss / seen.rows,
    validationAccuracy: seen && seen.hits / seen.rows,
    learningRate: learnt.rate,
    seconds: (Date.now() - start) / 1000,
  };
}

async function learnEpoch(
  job: FitJob,
  learning: Learning,
  before: TrainingState,
): Promise<Tally & { readonly rate: number }> {
  const { options, training } = job;
  const epoch = before.epoch + 1;
  const plan = planOf(job, epoch);
  const steps = plan.length * options.epochs;
  const losses = before.history.map((e) => e.validationLoss ?? e.loss);
  const step = stepOptions(job);
  let [total, rate, at]: [Tally, number, number] = [{ rows: 0, loss: 0, hits: 0 }, 0, 0];
  for await (const { rows, input } of training.batches(epoch, plan, job.signal)) {
    try {
      if (job.signal?.aborted) throw new TrainingCancelled();
      const { factor, momentum } = paceAt(options.schedule, { step: before.step + at, steps, losses });
      rate = options.learningRate * factor;
      const pace = { rate, momentum, random: randomOfStep(options.seed, epoch, at) };
      const tally = await learnBatch(learning, { input, labels: labelsOf(training, rows) }, step, pace);
      at += 1;
      if (!Number.isFinite(tally.loss)) throw lossFailed(job, epoch, at, rows, rate);
      total = sumOf(total, tally);
      job.onBatch?.(at, plan.length);
    } finally {
      input.dispose();
    }
  }
  return { ...total, rate };
}

/** Batch statistics of a few photos say nothing, so a last batch that is too small waits for another epoch's order. */
function planOf({ options, training }: FitJob, epoch: number): number[][] {
  const { batchSize, seed, norm } = options;
  const plan = drawBatches(training.labels.length, batchSize, { seed, epoch });
  const last = plan.at(-1)?.length ?? 0;
  return norm === 'batch' && plan.length > 1 && last < batchSize / 2 ? plan.slice(0, -1) : plan;
}

function stepsOf(job: FitJob): number {
  return planOf(job, 1).length;
}

/** What each batch of a job is trained with. */
export function stepOptions({
  options,
  trainee,
  training,
}: Pick<FitJob, 'options' | 'trainee' | 'training'>): StepOptions {
  const { norm, dropout, mixup, labelSmoothing } = options;
  const weights = options.classWeights ? classWeights(training.labels, trainee.classes) : null;
  return { norm, dropout, mixup, targets: { classes: trainee.classes, labelSmoothing, weights } };
}

async function judge({ trainee, options, signal }: FitJob, photos: PhotoStream): Promise<Tally> {
  const plan = inBatches([...photos.labels.keys()], options.batchSize);
  let total: Tally = { rows: 0, loss: 0, hits: 0 };
  for await (const { rows, input } of photos.batches(0, plan, signal)) {
    try {
      if (signal?.aborted) throw new TrainingCancelled();
      total = sumOf(total, await judgeBatch(trainee, { input, labels: labelsOf(photos, rows) }));
    } finally {
      input.dispose();
    }
  }
  return total;
}

function sumOf(a: Tally, b: Tally): Tally {
  return { rows: a.rows + b.rows, loss: a.loss + b.loss, hits: a.hits + b.hits };
}

function lossFailed(
  job: FitJob,
  epoch: number,
  batch: number,
  rows: readonly number[],
  rate: number,
): LossFailed {
  const photos = rows.map(job.training.nameOf);
  return new LossFailed({ epoch, batch, batches: stepsOf(job), photos, rate });
}
