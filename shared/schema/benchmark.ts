import * as v from 'valibot';

import { DisplayName, Instant, LabelId, PhotoId } from './names.ts';
import { defineRecord } from './record.ts';

export const BENCHMARK_KINDS = ['difficult', 'out-of-scope', 'most-common', 'least-common'] as const;
export type BenchmarkKind = (typeof BENCHMARK_KINDS)[number];

/** A frozen, hand-picked set of photos (P2-12 … P2-17). */
const BenchmarkSchema = v.object({
  v: v.literal(1),
  id: LabelId,
  name: DisplayName,
  kind: v.picklist(BENCHMARK_KINDS),
  frozenAt: v.nullable(Instant),
  items: v.array(
    v.object({
      photo: PhotoId,
      /** The sub-class it shows, passed through the merge rules of the model that is scored; null for out-of-scope. */
      truth: v.nullable(LabelId),
    }),
  ),
});
export type Benchmark = v.InferOutput<typeof BenchmarkSchema>;
export const benchmarkRecord = defineRecord('benchmark', 1, BenchmarkSchema);
