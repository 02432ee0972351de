import * as v from 'valibot';

import { DataSetOptionsSchema } from './dataset.ts';
import { CardGateSchema } from './gate.ts';
import { Count, DisplayName, Instant, LabelId, ModelVersion, Score, Sha256 } from './names.ts';
import { defineRecord } from './record.ts';

/** A plain relative path inside a version folder: no drive, no `..`, no backslash, at most three levels. */
export const FilePath = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(
    /^(?!.*\.\.)[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}$/,
    'expected a plain relative path',
  ),
);

export const FileEntrySchema = v.object({ path: FilePath, bytes: Count, sha256: Sha256 });
export type FileEntry = v.InferOutput<typeof FileEntrySchema>;

/** Value of black and of white. */
const RangeSchema = v.tuple([v.number(), v.number()]);

/** How pixels become the network's input. Its only reader is `shared/image/network-input.ts`. */
export const PreprocessingSchema = v.object({
  /** Edge of the square input in pixels. */
  size: v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(1024)),
  /** Value of black and of white, for all channels alike or for red, green and blue. */
  range: v.union([RangeSchema, v.tuple([RangeSchema, RangeSchema, RangeSchema])]),
  /** `letterbox`: aspect ratio kept, black padding. */
  resize: v.literal('letterbox'),
});
export type Preprocessing = v.InferOutput<typeof PreprocessingSchema>;

/** One output of the network: what the model predicts. */
export const ModelLabelSchema = v.object({
  id: LabelId,
  name: DisplayName,
  subClasses: v.array(LabelId),
  /** For the guest who meets a merged class; empty for none. */
  note: v.string(),
});
export type ModelLabel = v.InferOutput<typeof ModelLabelSchema>;

const LabelsSchema = v.object({ v: v.literal(1), labels: v.pipe(v.array(ModelLabelSchema), v.minLength(2)) });
export type LabelsFile = v.InferOutput<typeof LabelsSchema>;
/** `labels.json`: names in the order of the network's outputs. */
export const labelsRecord = defineRecord('label map', 1, LabelsSchema);

export const ArchitectureSchema = v.object({
  /** Zoo entry, e.g. `mobilenet-v2`. */
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  /** Width multiplier. */
  width: v.pipe(v.number(), v.minValue(0.1), v.maxValue(4)),
  parameters: Count,
});

const Metric = v.nullable(v.number());

/** Headline figures of one set; the whole evidence is in `report/metrics.json`. */
export const SetSummarySchema = v.object({
  set: v.string(),
  images: Count,
  accuracy: Metric,
  top3: Metric,
  logLoss: Metric,
  weightedLogLoss: Metric,
  /** Shares of all images of the set (0…1); they add up to 1. */
  truePositive: Metric,
  falsePositive: Metric,
  below: Metric,
});
export type SetSummary = v.InferOutput<typeof SetSummarySchema>;

const ModelCardSchema = v.object({
  v: v.literal(2),
  version: ModelVersion,
  createdAt: Instant,
  publishedAt: Instant,
  library: v.object({ name: DisplayName, exportId: v.string(), photos: Count }),
  /** Edge of the canonical images it was trained on, which every picture is made into before it is looked at. */
  canonicalSize: v.pipe(v.number(), v.integer(), v.minValue(32), v.maxValue(1024)),
  architecture: ArchitectureSchema,
  preprocessing: PreprocessingSchema,
  threshold: Score,
  recipe: v.pipe(v.string(), v.minLength(1)),
  /** Options of the run as name and value, for people and for repetition. */
  options: v.array(v.tuple([v.string(), v.string()])),
  dataSet: v.object({
    options: DataSetOptionsSchema,
    sha256: Sha256,
    training: Count,
    validation: Count,
    test: Count,
    classes: Count,
    testCovers: Count,
  }),
  /** Where the backbone's weights came from; `random` for none. */
  weights: v.string(),
  engine: v.string(),
  trainingSeconds: v.pipe(v.number(), v.minValue(0)),
  metrics: v.array(SetSummarySchema),
  /** What the release gate said when it was published, and who overruled it. */
  gate: CardGateSchema,
  throwAway: v.boolean(),
  /** Compiled network that guests download. */
  network: v.object({ model: FilePath, labels: FilePath }),
  /** Every other file of the version folder. */
  files: v.array(FileEntrySchema),
});
export type ModelCard = v.InferOutput<typeof ModelCardSchema>;
export const modelCardRecord = defineRecord('model card', 2, ModelCardSchema, [
  { name: 'AddGateChecks, and the canonical size that all had', from: 1, up: addGateChecks },
]);

/** Edge of all canonical images when cards did not say it. */
const CANONICAL_SIZE_1 = 299;

/** Version 1 had a decision and reasons only, and no way to overrule them. */
function addGateChecks(old: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const gate = typeof old.gate === 'object' ? old.gate : null;
  return {
    ...old,
    canonicalSize: CANONICAL_SIZE_1,
    gate: { comparedWith: null, checks: [], override: null, ...gate },
  };
}

const CatalogSchema = v.object({
  v: v.literal(1),
  /** Goes up with every write; a client refuses one lower than it has seen (replay). */
  sequence: Count,
  /** The version guests get; null while none is published. */
  current: v.nullable(ModelVersion),
  versions: v.array(
    v.object({
      version: ModelVersion,
      publishedAt: Instant,
      card: v.object({ bytes: Count, sha256: Sha256 }),
    }),
  ),
});
export type Catalog = v.InferOutput<typeof CatalogSchema>;
export const catalogRecord = defineRecord('catalog', 1, CatalogSchema);
export const EMPTY_CATALOG: Catalog = { v: 1, sequence: 0, current: null, versions: [] };
