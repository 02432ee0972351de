import * as v from 'valibot';

import { Count, LabelId, PhotoId, Sha256 } from './names.ts';
import { defineRecord } from './record.ts';

/** Index beside the softmax matrix `scores.npy` (float32, rows × classes, C order): P5-20 … P5-23. */
const ScoresSchema = v.object({
  v: v.literal(1),
  /** What was scored: a run's own model or a published version. */
  model: v.pipe(v.string(), v.maxLength(300)),
  /** Column order. */
  labels: v.array(LabelId),
  /** File name of the matrix beside the index. */
  file: v.pipe(v.string(), v.regex(/^[a-z0-9-]+\.npy$/, 'expected a plain .npy file name')),
  sha256: Sha256,
  rows: Count,
  /** Row ranges: training, validation, test, then one a benchmark (`benchmark:<id>`). */
  sets: v.array(v.object({ name: v.pipe(v.string(), v.minLength(1)), from: Count, to: Count })),
  /** One a row: the photo and its true class (null = out of scope). */
  items: v.array(v.object({ photo: PhotoId, truth: v.nullable(LabelId) })),
});
export type ScoresIndex = v.InferOutput<typeof ScoresSchema>;
export const scoresRecord = defineRecord('scores index', 1, ScoresSchema);
