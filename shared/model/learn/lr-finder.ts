import { type StopSignal, TrainingCancelled } from '../training.ts';
import { drawBatches, randomOfStep } from './draw.ts';
import { type FitJob, stepOptions } from './fit.ts';
import { readAll, writeAll } from './flat.ts';
import { createOptimizer } from './optimizer.ts';
import { labelsOf } from './photos.ts';
import { learnBatch } from './step.ts';

/** How the loss answers to the learning rate. */
export interface RateCurve {
  /** Smoothed loss at each rate, the rates going up in equal ratios. */
  readonly points: readonly { readonly rate: number; readonly loss: number }[];
  /** Rate in the middle of the longest descent: the one to take (fastai's `valley`). */
  readonly valley: number;
  /** Rate of the steepest descent: higher, and riskier. */
  readonly steepest: number;
}

/** Where the search goes: fastai's numbers. */
export interface RateSearch {
  readonly low: number;
  readonly high: number;
  readonly steps: number;
}
export const RATE_SEARCH: RateSearch = { low: 1e-7, high: 1, steps: 100 };

/** The search ends where the loss is this many times the best. */
const DIVERGED = 4;
const SMOOTHING = 0.98;

/**
 * Learning-rate range test (Smith 2017, arXiv:1506.01186): trains some steps with a rate that grows exponentially and
 * watches the loss, then gives the trainee its weights back. Batch-norm statistics stay fixed meanwhile.
 * @throws TrainingCancelled after `signal`
 */
export async function findRate(
  job: Pick<FitJob, 'trainee' | 'training' | 'options'> & { readonly signal?: StopSignal | undefined },
  search: RateSearch = RATE_SEARCH,
): Promise<RateCurve> {
  const before = await readAll(job.trainee.variables);
  try {
    return suggest(await explore(job, search));
  } finally {
    writeAll(job.trainee.variables, before);
  }
}

async function explore(
  job: Parameters<typeof findRate>[0],
  { low, high, steps }: RateSearch,
): Promise<RateCurve['points']> {
  const { trainee, training, options, signal } = job;
  const optimizer = createOptimizer(trainee.groups, options.optimizer);
  const step = { ...stepOptions(job), norm: options.norm };
  const points: { rate: number; loss: number }[] = [];
  let [average, best] = [0, Infinity];
  try {
    for (let epoch = 1; points.length < steps; epoch += 1) {
      const plan = drawBatches(training.labels.length, options.batchSize, { seed: options.seed, epoch });
      for await (const { rows, input } of training.batches(
        epoch,
        plan.slice(0, steps - points.length),
        signal,
      )) {
        const at = points.length;
        const rate = low * (high / low) ** (at / Math.max(1, steps - 1));
        try {
          if (signal?.aborted) throw new TrainingCancelled();
          const pace = { rate, momentum: null, random: randomOfStep(options.seed, epoch, at) };
          const batch = { input, labels: labelsOf(training, rows) };
          const { loss, rows: count } = await learnBatch(
            { trainee, optimizer, moving: null },
            batch,
            step,
            pace,
          );
          if (!Number.isFinite(loss)) return points;
          average = SMOOTHING * average + (1 - SMOOTHING) * (loss / count);
        } finally {
          input.dispose();
        }
        const smooth = average / (1 - SMOOTHING ** (at + 1));
        points.push({ rate, loss: smooth });
        best = Math.min(best, smooth);
        if (smooth > DIVERGED * best) return points;
      }
    }
    return points;
  } finally {
    optimizer.dispose();
  }
}

/** Reads the suggestions off a curve. */
export function suggest(points: RateCurve['points']): RateCurve {
  return {
    points,
    valley: rateAt(points, valleyOf(points.map((p) => p.loss))),
    steepest: steepestOf(points),
  };
}

function rateAt(points: RateCurve['points'], index: number): number {
  return points[Math.min(points.length - 1, Math.max(0, index))]?.rate ?? RATE_SEARCH.low;
}

/** Two thirds down the longest run of falling losses (gaps allowed), as fastai's `valley` has it: at half of its last two thirds. */
function valleyOf(losses: readonly number[]): number {
  const longest = losses.map(() => 1);
  let end = 0;
  losses.forEach((loss, i) => {
    for (let j = 0; j < i; j += 1) {
      if (loss < (losses[j] ?? 0)) longest[i] = Math.max(longest[i] ?? 1, (longest[j] ?? 1) + 1);
    }
    if ((longest[i] ?? 0) > (longest[end] ?? 0)) end = i;
  });
  const length = longest[end] ?? 0;
  const section = Math.floor(length / 3);
  return end - length + section + Math.floor(section / 2);
}

function steepestOf(points: RateCurve['points']): number {
  let [steepest, at] = [Infinity, 0];
  for (let i = 1; i + 1 < points.length; i += 1) {
    const slope = (points[i + 1]?.loss ?? 0) - (points[i - 1]?.loss ?? 0);
    if (slope < steepest) [steepest, at] = [slope, i];
  }
  return rateAt(points, at);
}
