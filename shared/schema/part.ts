import * as v from 'valibot';

import { Count, Instant, ModelVersion, Score, Sha256 } from './names.ts';
import { defineRecord } from './record.ts';

/** Most shards that a list may be cut into; so many indexes a Kubernetes Job may have. */
export const MOST_SHARDS = 100_000;

const Counting = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_SHARDS));

/**
 * Manifest of the work on one shard, beside the file of its rows and written after it: a part without manifest is not
 * done.
 */
const PartSchema = v.object({
  v: v.literal(1),
  work: v.picklist(['identify', 'evaluate']),
  /** `sha256`: of the version's card, or of a run's own network. */
  model: v.object({ version: v.nullable(ModelVersion), sha256: Sha256 }),
  /** Score from which an answer is given; null where rows hold no answers. */
  threshold: v.nullable(Score),
  /** Shard `index` of `of`, counted from 1. */
  shard: v.object({ index: Counting, of: Counting }),
  /** The whole list that was cut: its length and its SHA-256. */
  input: v.object({ rows: Count, sha256: Sha256 }),
  /** Places in the list that are this shard's: `from` included, `to` not. */
  from: Count,
  to: Count,
  /** Rows in the file; with those left out they are all of this shard's. */
  rows: Count,
  /** Photos that could not be used: they have no row. */
  leftOut: v.array(
    v.object({
      row: Count,
      file: v.string(),
      code: v.string(),
      message: v.pipe(v.string(), v.maxLength(2000)),
    }),
  ),
  file: v.object({
    name: v.pipe(v.string(), v.regex(/^part-[a-z0-9-]{1,80}\.(ndjson|npy)$/, 'expected the name of a part')),
    bytes: Count,
    sha256: Sha256,
  }),
  engine: v.string(),
  seconds: v.pipe(v.number(), v.minValue(0)),
  finishedAt: Instant,
});
export type Part = v.InferOutput<typeof PartSchema>;
export const partRecord = defineRecord('part manifest', 1, PartSchema);
