import { join } from 'node:path';

import type { LayersModel } from '@tensorflow/tfjs-layers';

import { serialiseLayersModel } from '#shared/model/serialise.ts';
import type { NetworkName } from '#shared/model/weights.ts';

import { writeAtomic } from '../../io/atomic.ts';
import { MODEL_FILES } from '../../run/model-files.ts';
import type { RunFolder } from '../../run/run-folder.ts';

/** Writes a model as a TensorFlow.js layers model: `--weights` of a later run reads it. */
export async function writeTrainingForm(
  folder: RunFolder,
  model: LayersModel,
  network: NetworkName,
): Promise<void> {
  const { modelJson, weights } = await serialiseLayersModel(model, network);
  await writeAtomic(join(folder.root, MODEL_FILES.trainingWeights), weights);
  await writeAtomic(join(folder.root, MODEL_FILES.training), JSON.stringify(modelJson));
}
