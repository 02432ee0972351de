import * as v from 'valibot';

import { Count, DisplayName, LabelId, PhotoId } from './names.ts';
import { defineRecord } from './record.ts';

const Percent = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100));

/** The knobs of a data-set build with the sources' numbers as defaults (P2-01 … P2-05, P2-27, P2-44, P2-45). */
export const DataSetOptionsSchema = v.object({
  /** Least images a class needs to be in the model. */
  minimum: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Most images a class may have in training and validation together. */
  maximum: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Staged images fill a class up to this many in total with the real ones; synthetic ones last within it. */
  stagedCap: Count,
  /** Shares in percent; they add up to 100. */
  split: v.pipe(
    v.object({ training: Percent, validation: Percent, test: Percent }),
    v.check((s) => s.training + s.validation + s.test === 100, 'expected shares that add up to 100'),
  ),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  /** Two photos whose perceptual hashes differ in at most this many of 64 bits are near-duplicates. */
  duplicateDistance: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(16)),
});
export type DataSetOptions = v.InferOutput<typeof DataSetOptionsSchema>;

export const DEFAULT_DATA_SET_OPTIONS: DataSetOptions = {
  minimum: 40,
  maximum: 125,
  stagedCap: 60,
  split: { training: 90, validation: 10, test: 0 },
  seed: 1,
  duplicateDistance: 4,
};

/** Minimum of a throw-away run, which can identify but never be published (P2-05, P4-24). */
export const THROW_AWAY_MINIMUM = 35;

export const PARTS = ['training', 'validation', 'test'] as const;
export type Part = (typeof PARTS)[number];

/** Why a photo of the library is in no part. */
export const LEFT_OUT_REASONS = [
  'unlabelled',
  'unknown-label',
  'excluded',
  /** Near-duplicate of a benchmark's photo: it would leak (design §2.3). */
  'near-benchmark',
  /** Same pixels as a photo of the class that is kept. */
  'exact-copy',
  /** Staged or synthetic beyond `stagedCap`. */
  'staged-cap',
  /** Not real and beyond `maximum`: only real photos overflow to the test set. */
  'over-maximum',
  /** Its class has fewer than `minimum` photos. */
  'below-minimum',
  /** Its near-duplicate group already sits in a part where there is no room for it. */
  'group-split',
  /**
   * Sat in an out-of-scope benchmark, but its class has entered the model since: it is no trick question any more.
   * It goes on being kept out of training.
   */
  'entered-scope',
] as const;
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

export const ClassCountsSchema = v.object({
  id: LabelId,
  name: DisplayName,
  subClasses: v.array(LabelId),
  /** Usable photos by origin, before caps. */
  real: Count,
  staged: Count,
  synthetic: Count,
  /** Is the class in the model? */
  included: v.boolean(),
  /** Photos short of `minimum`; 0 when included. */
  shortBy: Count,
  training: Count,
  validation: Count,
  test: Count,
});
export type ClassCounts = v.InferOutput<typeof ClassCountsSchema>;

const Entry = v.object({ photo: PhotoId, class: LabelId });

const DataSetSchema = v.object({
  v: v.literal(1),
  options: DataSetOptionsSchema,
  /** Classes in the model, in the order of its outputs. */
  labels: v.array(LabelId),
  /** Every class of the library, in the model or not. */
  classes: v.array(ClassCountsSchema),
  training: v.array(Entry),
  validation: v.array(Entry),
  test: v.array(Entry),
  benchmarks: v.array(
    v.object({
      id: LabelId,
      kind: v.picklist(['difficult', 'out-of-scope', 'most-common', 'least-common']),
      /** `class` after the merge rules; null when out of scope or not in the model. */
      items: v.array(v.object({ photo: PhotoId, class: v.nullable(LabelId) })),
    }),
  ),
  leftOut: v.array(v.object({ photo: PhotoId, reason: v.picklist(LEFT_OUT_REASONS) })),
  /** Classes with at least one test photo: "test covers n of N classes". */
  testCovers: Count,
});
export type DataSet = v.InferOutput<typeof DataSetSchema>;
export const dataSetRecord = defineRecord('data set', 1, DataSetSchema);
