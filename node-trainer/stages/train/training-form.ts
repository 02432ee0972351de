import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import { writeAtomic } from '../../io/atomic.ts';
import { MODEL_FILES } from '../../run/model-files.ts';
import type { RunFolder } from '../../run/run-folder.ts';

/** Writes a model as a TensorFlow.js layers model: `--weights` of a later run reads it. */
export async function writeTrainingForm(folder: RunFolder, model: LayersModel): Promise<void> {
  const handler = io.withSaveHandler(async (artifacts) => {
    const { modelTopology, weightSpecs = [], weightData = new ArrayBuffer(0) } = artifacts;
    const json = {
      format: 'layers-model',
      modelTopology,
      weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
    };
    const weights = io.CompositeArrayBuffer.join(weightData);
    await write(folder, MODEL_FILES.trainingWeights, new Uint8Array(weights));
    await write(folder, MODEL_FILES.training, JSON.stringify(json));
    return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
  });
  await model.save(handler);
}

/** Writes a file of the run, with its folder. */
export async function write(folder: RunFolder, path: string, data: Uint8Array | string): Promise<void> {
  const file = join(folder.root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeAtomic(file, data);
}
