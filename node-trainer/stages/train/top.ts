import { join } from 'node:path';

import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import type { Pixels } from '#shared/image/pixels.ts';
import { type HeadWeights, splitBackbone } from '#shared/model/classifier.ts';
import { fineTuneTop } from '#shared/model/finetune.ts';
import { preprocess } from '#shared/model/preprocess.ts';
import { registerWasmGradients } from '#shared/model/kernels/wasm-gradients.ts';
import type { Backbone } from '#shared/model/zoo.ts';
import type { Preprocessing } from '#shared/schema/model.ts';

import type { RunContext } from '../../run/context.ts';
import type { Recipe } from '../../run/recipes.ts';
import { type FeatureCache, openFeatureCache } from './feature-cache.ts';
import { type Learned, logEpoch } from './learn.ts';
import { fillCache, type PhotoSet, type TrainingSets } from './photo-sets.ts';

/** A head with the top of the backbone that it was trained together with. Its owner disposes `top`. */
export interface LearnedTop extends Learned {
  readonly top: LayersModel;
}

/** Images that go through the frozen bottom together. */
const BATCH = 8;

interface TopJob {
  readonly backbone: Backbone;
  /** Identity of the backbone. */
  readonly fingerprint: string;
  readonly sets: TrainingSets;
  /** Where the head starts. */
  readonly head: HeadWeights;
  readonly recipe: NonNullable<Recipe['fineTune']>;
}

/**
 * Trains the last blocks of the backbone together with the head. What the frozen bottom makes of each photo is kept on
 * disk, so that the bottom is run once and never trained.
 * @throws TrainingFailed as soon as a loss is no number
 */
export async function learnTop(
  run: RunContext,
  { backbone, fingerprint, sets, head, recipe }: TopJob,
): Promise<LearnedTop> {
  registerWasmGradients();
  const { bottom, top, boundary } = splitBackbone(backbone, recipe.blocks);
  const size = boundary.reduce((a, b) => a * b, 1);
  const file = `boundary-${recipe.blocks}-${fingerprint.slice(0, 16)}.bin`;
  const cache = await openFeatureCache(join(run.folder.model, file), size);
  try {
    const compute = (images: readonly Pixels[]): Promise<Float32Array> =>
      runBottom(bottom, images, backbone.preprocessing, size);
    await fillCache(run, sets, cache, { name: 'boundary', compute });
    const { epochs, learningRate } = recipe;
    const { batchSize, labelSmoothing, seed } = run.options;
    const learned = await fineTuneTop({
      top,
      boundary,
      head,
      training: boundarySet(cache, sets.training),
      validation: sets.validation && boundarySet(cache, sets.validation),
      options: { epochs, learningRate, batchSize, labelSmoothing, seed },
      onEpoch: (epoch) => {
        logEpoch(run, 'top', epoch, epochs);
      },
    });
    const { bestEpoch } = learned;
    run.log.say(
      `train: top: ${bestEpoch === 0 ? 'no epoch was better than the head alone' : `best is epoch ${bestEpoch}`}`,
    );
    return {
      head: learned.head,
      bestEpoch,
      history: learned.history.map((e) => ({ phase: 'top' as const, ...e })),
      top,
    };
  } catch (error) {
    top.dispose();
    throw error;
  } finally {
    bottom.dispose();
    await cache.close();
  }
}

function boundarySet(
  cache: FeatureCache,
  { pixels, labels }: PhotoSet,
): Parameters<typeof fineTuneTop>[0]['training'] {
  return { labels, read: (rows) => cache.read(rows.map((row) => pixels[row] ?? '')) };
}

async function runBottom(
  bottom: LayersModel,
  images: readonly Pixels[],
  preprocessing: Preprocessing,
  size: number,
): Promise<Float32Array> {
  const all = new Float32Array(images.length * size);
  for (let at = 0; at < images.length; at += BATCH) {
    const input = preprocess(images.slice(at, at + BATCH), preprocessing);
    const output = bottom.predict(input) as Tensor;
    try {
      all.set(await output.data(), at * size);
    } finally {
      input.dispose();
      output.dispose();
    }
  }
  return all;
}
