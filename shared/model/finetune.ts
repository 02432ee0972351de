import { train } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import { createRandom } from '../dataset/random.ts';
import type { HeadWeights } from './classifier.ts';
import type { HeadOptions, TrainedHead } from './head.ts';
import { type BoundarySet, openTop, type TopInTraining } from './top-in-training.ts';
import { type Epoch, type StopSignal, TrainingCancelled, Watch } from './training.ts';

export type FineTuneOptions = Pick<
  HeadOptions,
  'epochs' | 'batchSize' | 'learningRate' | 'labelSmoothing' | 'patience' | 'seed'
>;

/** A low rate: the pretrained weights are to be bent, not forgotten. */
export const FINE_TUNE_DEFAULTS: FineTuneOptions = {
  epochs: 5,
  batchSize: 32,
  learningRate: 1e-4,
  labelSmoothing: 0,
  patience: 2,
  seed: 1,
};

export interface FineTuneJob {
  /** Of `splitBackbone`. Its weights are changed to those of the best epoch. */
  readonly top: LayersModel;
  /** Shape at the boundary without the batch. */
  readonly boundary: readonly number[];
  /** Where the head starts. */
  readonly head: HeadWeights;
  readonly training: BoundarySet;
  readonly validation: BoundarySet | null;
  readonly options?: Partial<FineTuneOptions>;
  readonly onEpoch?: (epoch: Epoch) => void;
  readonly signal?: StopSignal;
}

/**
 * Trains the top of a split backbone together with the head. Batch-norm layers use their moving statistics and never
 * change them: batches here are too small to measure anything. The start itself takes part as epoch 0, so that
 * fine-tuning never ends with a worse validation loss than it began with.
 * @throws TrainingCancelled after `signal`; the top is then as it was
 */
export async function fineTuneTop(job: FineTuneJob): Promise<TrainedHead> {
  const options = { ...FINE_TUNE_DEFAULTS, ...job.options };
  const model = openTop(job.top, job.boundary, job.head, options.labelSmoothing);
  const optimizer = train.adam(options.learningRate);
  const before = await model.read();
  const random = createRandom(options.seed);
  const rows = Array.from(job.training.labels.keys());
  const judged = job.validation ?? job.training;
  try {
    const start = await judge(model, judged, options.batchSize);
    const watch = new Watch(options.patience, { loss: start.loss, weights: before });
    for (let epoch = 1; epoch <= options.epochs && !watch.exhausted; epoch += 1) {
      const learned = new Tally();
      const order = random.shuffle(rows);
      for (let at = 0; at < order.length; at += options.batchSize) {
        if (job.signal?.aborted) throw new TrainingCancelled();
        learned.add(await model.learn(job.training, order.slice(at, at + options.batchSize), optimizer));
      }
      const seen = job.validation && (await judge(model, job.validation, options.batchSize));
      const result = { epoch, ...learned.mean(), ...validationOf(seen) };
      if (watch.see(result)) watch.keep(await model.read());
      job.onEpoch?.(result);
    }
    const best = watch.best();
    model.write(best);
    const { dims, classes } = job.head;
    const [kernel = job.head.kernel, bias = job.head.bias] = best;
    return { head: { dims, classes, kernel, bias }, history: watch.history, bestEpoch: watch.bestEpoch };
  } catch (error) {
    model.write(before);
    throw error;
  } finally {
    optimizer.dispose();
    model.dispose();
  }
}

function validationOf(seen: Score | null): Pick<Epoch, 'validationLoss' | 'validationAccuracy'> {
  return { validationLoss: seen?.loss ?? null, validationAccuracy: seen?.accuracy ?? null };
}

type Score = Pick<Epoch, 'loss' | 'accuracy'>;

async function judge(model: TopInTraining, set: BoundarySet, batchSize: number): Promise<Score> {
  const tally = new Tally();
  const rows = Array.from(set.labels.keys());
  for (let at = 0; at < rows.length; at += batchSize) {
    tally.add(await model.judge(set, rows.slice(at, at + batchSize)));
  }
  return tally.mean();
}

/** Adds up batches of different sizes. */
class Tally {
  #rows = 0;
  #loss = 0;
  #hits = 0;

  add(batch: { readonly rows: number; readonly loss: number; readonly hits: number }): void {
    this.#rows += batch.rows;
    this.#loss += batch.loss * batch.rows;
    this.#hits += batch.hits;
  }

  mean(): Score {
    return { loss: this.#loss / this.#rows, accuracy: this.#hits / this.#rows };
  }
}
