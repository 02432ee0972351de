import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type CompiledFile, compiledRecord } from '#shared/model/compiled-format.ts';
import { parseJson } from '#shared/schema/json.ts';
import { type TrainingFacts, trainingRecord } from '#shared/schema/training.ts';

import type { RunFolder } from './run-folder.ts';

/** Places of a run's model, relative to the run folder. */
export const MODEL_FILES = {
  facts: 'model/training.json',
  /** The compiled network that guests download. */
  network: 'model/network/model.json',
  networkWeights: 'model/network/weights.bin',
  /** The training form: a TensorFlow.js layers model, to go on training from. */
  training: 'model/training/model.json',
  trainingWeights: 'model/training/weights.bin',
} as const;

export async function readTrainingFacts(folder: RunFolder): Promise<TrainingFacts> {
  const path = join(folder.root, MODEL_FILES.facts);
  return trainingRecord.read(parseJson(await readFile(path, 'utf8'), path), path);
}

/** The compiled network of a run, as `loadNetwork` takes it. */
export async function readCompiled(folder: RunFolder): Promise<{ file: CompiledFile; weights: ArrayBuffer }> {
  const path = join(folder.root, MODEL_FILES.network);
  const file = compiledRecord.read(parseJson(await readFile(path, 'utf8'), path), path);
  const bytes = await readFile(join(folder.root, MODEL_FILES.networkWeights));
  return { file, weights: new Uint8Array(bytes).buffer };
}
