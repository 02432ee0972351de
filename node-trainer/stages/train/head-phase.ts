import { join } from 'node:path';

import { trainHead } from '#shared/model/head.ts';
import type { FeatureSet } from '#shared/model/training.ts';

import type { RunContext } from '../../run/context.ts';
import type { SettledPhase } from '../../run/settle-phases.ts';
import { type FeatureCache, openFeatureCache } from './feature-cache.ts';
import { frozenBackbone, runFrozen } from './frozen.ts';
import type { PhaseOutcome, PhaseJob } from './phase.ts';
import { fillCache, type PhotoSet } from './photo-sets.ts';
import { tellEpoch } from './tell.ts';

/** Whether a phase is the plain case: a linear classifier on features that never change. */
export function isPlainHead(phase: SettledPhase): boolean {
  const { trains, augmentation, dropout, mixup, classWeights, findRate } = phase;
  return (
    trains === 'head' && augmentation === null && dropout === 0 && mixup === 0 && !classWeights && !findRate
  );
}

/** Trains a new head on cached features, all of them in memory: the fast way. It takes seconds, so it has no checkpoints. */
export async function headPhase(
  run: RunContext,
  { phase, backbone, sets, classes }: PhaseJob,
): Promise<PhaseOutcome> {
  const frozen = await frozenBackbone(backbone);
  const cache = await openFeatureCache(join(run.folder.model, `${frozen.key}.bin`), backbone.features);
  try {
    const { training, validation } = sets;
    const compute = (images: Parameters<typeof runFrozen>[1]): Promise<Float32Array> =>
      runFrozen(frozen, images, backbone.preprocessing);
    await fillCache(run, validation ? [training, validation] : [training], cache, {
      name: frozen.name,
      compute,
    });
    const { epochs, batchSize, learningRate, weightDecay, labelSmoothing, patience, seed } = phase;
    const { head, history, bestEpoch } = await trainHead({
      ...(await featuresOf(cache, training)),
      validation: validation && (await featuresOf(cache, validation)),
      classes,
      options: { epochs, batchSize, learningRate, weightDecay, labelSmoothing, patience, seed },
      nameOf: training.nameOf,
      onEpoch: (epoch) => {
        tellEpoch(run, phase, epoch);
      },
    });
    return { head, history, bestEpoch, learningRate, rateCurve: null, waited: null };
  } finally {
    await cache.close();
    frozen.dispose();
  }
}

async function featuresOf(cache: FeatureCache, { pixels, labels }: PhotoSet): Promise<FeatureSet> {
  return { features: await cache.read(pixels), labels };
}
