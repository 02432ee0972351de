import { join } from 'node:path';

import { joinClassifier } from '#shared/model/classifier.ts';
import { compileNetwork } from '#shared/model/compile.ts';
import { embedImages } from '#shared/model/infer.ts';
import { loadNetwork, type Network } from '#shared/model/network.ts';
import type { FeatureSet } from '#shared/model/training.ts';
import type { Backbone } from '#shared/model/zoo.ts';

import { sha256 } from '../../io/hash.ts';
import type { RunContext } from '../../run/context.ts';
import { type FeatureCache, openFeatureCache } from './feature-cache.ts';
import { fillCache, type PhotoSet, type TrainingSets } from './photo-sets.ts';

/** What a head learns from. */
export interface HeadData {
  readonly training: FeatureSet;
  readonly validation: FeatureSet | null;
  /** Identity of the backbone that made the features. */
  readonly fingerprint: string;
}

/**
 * Features of the training and validation photos, from the cache or made now. The backbone runs in its compiled form,
 * which only predicts: nothing in it can drift (design §2.8), and it is the fast one.
 */
export async function featuresOf(run: RunContext, backbone: Backbone, sets: TrainingSets): Promise<HeadData> {
  const { network, fingerprint } = await compiledBackbone(backbone);
  const cache = await openFeatureCache(
    join(run.folder.model, `features-${fingerprint.slice(0, 16)}.bin`),
    network.features,
  );
  try {
    await fillCache(run, sets, cache, {
      name: 'features',
      compute: (images) => embedImages(network, images),
    });
    return {
      training: await read(cache, sets.training),
      validation: sets.validation && (await read(cache, sets.validation)),
      fingerprint,
    };
  } finally {
    await cache.close();
    network.dispose();
  }
}

/** The backbone as a compiled network; the two classes of its empty head are never looked at. */
async function compiledBackbone(backbone: Backbone): Promise<{ network: Network; fingerprint: string }> {
  const dims = backbone.features;
  const head = { dims, classes: 2, kernel: new Float32Array(dims * 2), bias: new Float32Array(2) };
  const model = joinClassifier({ backbone, head });
  try {
    const { file, weights } = await compileNetwork(model, backbone.preprocessing);
    const identity = JSON.stringify([file.preprocessing, file.ops, sha256(weights)]);
    return {
      network: loadNetwork(file, weights.buffer),
      fingerprint: sha256(new TextEncoder().encode(identity)),
    };
  } finally {
    model.dispose();
  }
}

async function read(cache: FeatureCache, { pixels, labels }: PhotoSet): Promise<FeatureSet> {
  return { features: await cache.read(pixels), labels };
}
