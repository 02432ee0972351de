import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { tensor, tensor4d } from '@tensorflow/tfjs-core';

import type { PhotoBatch, PhotoStream } from '#shared/model/learn/photos.ts';
import type { AugmentOptions } from '#shared/schema/augment.ts';
import type { Preprocessing } from '#shared/schema/model.ts';

import { createPipeline, type Pipeline } from '../../pipeline/pipeline.ts';
import type { RunContext } from '../../run/context.ts';
import { type FeatureCache, openFeatureCache } from './feature-cache.ts';
import { type Frozen, runFrozen } from './frozen.ts';
import { fillCache, type PhotoSet, type TrainingSets } from './photo-sets.ts';

/** Where the photos of a phase come from. */
export interface Streams {
  readonly training: PhotoStream;
  readonly validation: PhotoStream | null;
  /** Share of the time in which training waited for photos; null where they come from a cache. */
  readonly waited: () => number | null;
  readonly close: () => Promise<void>;
}

export interface StreamJob {
  readonly sets: TrainingSets;
  readonly preprocessing: Preprocessing;
  /** What photos go through before they reach the learning part; null: nothing is frozen. */
  readonly frozen: Frozen | null;
  readonly augmentation: AugmentOptions | null;
  readonly seed: number;
}

/**
 * Opens the photos of a phase. Those that never change and go through a frozen part are computed once and kept on disk;
 * the others are made anew by worker threads in every round.
 */
export async function openStreams(run: RunContext, job: StreamJob): Promise<Streams> {
  const { sets, frozen, augmentation } = job;
  const varied = frozen === null || augmentation !== null;
  const cached = frozen
    ? [...(varied ? [] : [sets.training]), ...(sets.validation ? [sets.validation] : [])]
    : [];
  const cache = frozen && cached.length > 0 ? await openCache(run, job, frozen, cached) : null;
  const pipelines: Pipeline[] = [];
  const fresh = (set: PhotoSet, how: AugmentOptions | null): PhotoStream => {
    const pipeline = createPipeline({
      items: set.items,
      preprocessing: job.preprocessing,
      augmentation: how,
      seed: job.seed,
      workers: Math.min(8, Math.max(1, availableParallelism() - 1)),
    });
    pipelines.push(pipeline);
    return freshPhotos(set, pipeline, job);
  };
  const kept = (set: PhotoSet): PhotoStream | null =>
    frozen && cache && cachedPhotos(set, cache, frozen.shape);
  return {
    training: (varied ? null : kept(sets.training)) ?? fresh(sets.training, augmentation),
    validation: sets.validation && (kept(sets.validation) ?? fresh(sets.validation, null)),
    waited: () => waitedShare(pipelines[0]),
    close: async () => {
      await cache?.close();
      await Promise.all(pipelines.map((p) => p.close()));
    },
  };
}

async function openCache(
  run: RunContext,
  { preprocessing }: StreamJob,
  frozen: Frozen,
  sets: readonly PhotoSet[],
): Promise<FeatureCache> {
  const size = frozen.shape.reduce((a, b) => a * b, 1);
  const cache = await openFeatureCache(join(run.folder.model, `${frozen.key}.bin`), size);
  try {
    const compute = (images: Parameters<typeof runFrozen>[1]): Promise<Float32Array> =>
      runFrozen(frozen, images, preprocessing);
    await fillCache(run, sets, cache, { name: frozen.name, compute });
  } catch (error) {
    await cache.close();
    throw error;
  }
  return cache;
}

function cachedPhotos(set: PhotoSet, cache: FeatureCache, shape: readonly number[]): PhotoStream {
  return {
    labels: set.labels,
    nameOf: set.nameOf,
    batches: async function* (_epoch, plan): AsyncGenerator<PhotoBatch> {
      for (const rows of plan) {
        const numbers = await cache.read(rows.map((row) => set.pixels[row] ?? ''));
        yield { rows, input: tensor(numbers, [rows.length, ...shape]) };
      }
    },
  };
}

function freshPhotos(set: PhotoSet, pipeline: Pipeline, { preprocessing, frozen }: StreamJob): PhotoStream {
  const { size } = preprocessing;
  return {
    labels: set.labels,
    nameOf: set.nameOf,
    batches: async function* (epoch, plan): AsyncGenerator<PhotoBatch> {
      for await (const { rows, images } of pipeline.batches(epoch, plan)) {
        const input = tensor4d(images, [rows.length, size, size, 3]);
        if (frozen === null) yield { rows, input };
        else {
          const output = frozen.run(input);
          input.dispose();
          yield { rows, input: output };
        }
      }
    },
  };
}

function waitedShare(pipeline: Pipeline | undefined): number | null {
  if (!pipeline) return null;
  const { waitedSeconds, totalSeconds } = pipeline.waited();
  return totalSeconds === 0 ? 0 : waitedSeconds / totalSeconds;
}
