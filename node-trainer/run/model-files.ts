import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as v from 'valibot';

import { type CompiledFile, compiledRecord } from '#shared/model/compiled-format.ts';
import { parseJson } from '#shared/schema/json.ts';
import { ArchitectureSchema, ModelLabelSchema, PreprocessingSchema } from '#shared/schema/model.ts';
import { Count } from '#shared/schema/names.ts';
import { defineRecord } from '#shared/schema/record.ts';

import type { RunFolder } from './run-folder.ts';

const Metric = v.nullable(v.number());

/** One round over the training photos. */
export const EpochSchema = v.object({
  epoch: Count,
  /** Mean cross-entropy, natural logarithm. */
  loss: v.number(),
  accuracy: v.number(),
  validationLoss: Metric,
  validationAccuracy: Metric,
  /** Of the last step. */
  learningRate: v.number(),
  seconds: v.number(),
});

/** How the loss answered to the learning rate, and what that suggests. */
export const RateCurveSchema = v.object({
  points: v.array(v.object({ rate: v.number(), loss: v.number() })),
  /** The rate that was taken. */
  valley: v.number(),
  steepest: v.number(),
});

/** A phase of a training, done. */
export const PhaseSchema = v.object({
  name: v.string(),
  trains: v.picklist(['head', 'final-blocks', 'all']),
  /** The highest that was asked for. */
  learningRate: v.number(),
  rateCurve: v.nullable(RateCurveSchema),
  /** 0: no epoch was better than what the phase began with. */
  bestEpoch: Count,
  history: v.array(EpochSchema),
  /** Time of all epochs, also of those before the training was cut. */
  seconds: v.number(),
  /** Training photos in a second of an epoch. */
  imagesPerSecond: v.number(),
  /** Share of the time in which training had nothing to do but wait for photos; null where these came from a cache. */
  waited: Metric,
});
export type PhaseFacts = v.InferOutput<typeof PhaseSchema>;

/** `model/training.json`: what the later stages and the model card need to know of a training. */
export const trainingRecord = defineRecord(
  'training facts',
  2,
  v.object({
    v: v.literal(2),
    recipe: v.string(),
    architecture: ArchitectureSchema,
    preprocessing: PreprocessingSchema,
    /** In the order of the network's outputs. */
    labels: v.array(ModelLabelSchema),
    /** Where the backbone's weights came from. */
    weights: v.string(),
    engine: v.string(),
    /** Of the call that ended the training. */
    seconds: v.number(),
    /** Of all epochs of all phases (P4-10). */
    trainingSeconds: v.number(),
    /** In the last phase. */
    bestEpoch: Count,
    phases: v.array(PhaseSchema),
    history: v.array(v.object({ phase: v.string(), ...EpochSchema.entries })),
  }),
  [{ name: 'AddPhases', from: 1, up: addPhases }],
);

/** Version 1 knew the rate and the time of no epoch. */
function addPhases(old: Record<string, unknown>): Record<string, unknown> {
  const history = Array.isArray(old.history) ? (old.history as Record<string, unknown>[]) : [];
  const told = history.map((epoch) => ({ ...epoch, learningRate: 0, seconds: 0 }));
  return { ...old, trainingSeconds: old.seconds, phases: [], history: told };
}
export type TrainingFacts = ReturnType<typeof trainingRecord.read>;

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
