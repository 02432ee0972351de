import * as v from 'valibot';

import { ArchitectureSchema, ModelLabelSchema, PreprocessingSchema } from './model.ts';
import { Count } from './names.ts';
import { defineRecord } from './record.ts';

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

/**
 * `model/training.json` of a run, `training/facts.json` of a version: what the later stages, the model card and the
 * evidence need to know of a training.
 */
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
