import * as v from 'valibot';

import { SpeedSchema } from './metrics.ts';
import { Count, DisplayName, LabelId, PhotoId, Sha256 } from './names.ts';
import { defineRecord } from './record.ts';

/** Index beside the softmax matrix `scores.npy` (float32, rows × classes, C order): P5-20 … P5-23. */
const ScoresSchema = v.object({
  v: v.literal(2),
  /** What was scored: `run` for a run's own model, or the folder name of a published version. */
  model: v.pipe(v.string(), v.maxLength(300)),
  /** Column order. */
  labels: v.array(LabelId),
  /** Names of the labels for people, in the same order. */
  names: v.array(DisplayName),
  /** File name of the matrix beside the index. */
  file: v.pipe(v.string(), v.regex(/^[a-z0-9-]+\.npy$/, 'expected a plain .npy file name')),
  sha256: Sha256,
  rows: Count,
  /** Row ranges: training, validation, test, then one a benchmark (`benchmark:<id>`). */
  sets: v.array(v.object({ name: v.pipe(v.string(), v.minLength(1)), from: Count, to: Count })),
  /** One a row: the photo and its true class (null, or a class that is no label = out of scope). */
  items: v.array(v.object({ photo: PhotoId, truth: v.nullable(LabelId) })),
  /** Photos that could not be read: they have no row. */
  unreadable: v.array(
    v.object({ photo: PhotoId, set: v.string(), message: v.pipe(v.string(), v.maxLength(1000)) }),
  ),
  /** Null where it was not measured. */
  speed: v.nullable(SpeedSchema),
});
/** Where a published version keeps the matrix and its index; the matrix only up to `MOST_PUBLISHED` bytes. */
export const PUBLISHED_SCORES = { matrix: 'report/scores.npy', index: 'report/scores-index.json' } as const;
/** A larger matrix stays in the run folder: every version is kept and copied whole. */
export const MOST_PUBLISHED = 2 ** 30;

export type ScoresIndex = v.InferOutput<typeof ScoresSchema>;
export const scoresRecord = defineRecord('scores index', 2, ScoresSchema, [
  {
    name: 'names of the labels, unreadable photos, speed',
    from: 1,
    up: (old) => ({ ...old, names: old.labels, unreadable: [], speed: null }),
  },
]);
