import * as v from 'valibot';

import { benchmarkRecord, type Benchmark } from './benchmark.ts';
import { exportedPlanRecord, type ExportedPlan } from './exported-plan.ts';
import { guidanceRecord, type Guidance } from './guidance.ts';
import {
  confusedTableRecord,
  mergeRuleRecord,
  subClassRecord,
  unknownLabelRecord,
  type ConfusedTable,
  type MergeRule,
  type SubClass,
  type UnknownLabel,
} from './label.ts';
import { Count, DisplayName, Instant, Sha256 } from './names.ts';
import { defineRecord } from './record.ts';

/** `library.json` of an export shard, before its parts are read by their own schemas. */
const EnvelopeSchema = v.object({
  v: v.literal(2),
  name: DisplayName,
  /** The same in all shards of one export, different between exports. */
  exportId: v.pipe(v.string(), v.uuid('expected a UUID')),
  exportedAt: Instant,
  canonicalSize: v.pipe(v.number(), v.integer(), v.minValue(32), v.maxValue(1024)),
  subClasses: v.array(v.unknown()),
  unknownLabels: v.array(v.unknown()),
  mergeRules: v.array(v.unknown()),
  confused: v.unknown(),
  benchmarks: v.array(v.unknown()),
  /** The zoo's own words on good photos; null for none. */
  guidance: v.unknown(),
  /** What the planner was set to, and what that comes to; null where nobody planned. */
  plan: v.unknown(),
  /** This shard: `index` counts from 1. */
  shard: v.object({
    index: v.pipe(v.number(), v.integer(), v.minValue(1)),
    of: v.pipe(v.number(), v.integer(), v.minValue(1)),
    photos: Count,
    /** Photos that belong here, but were damaged where the export was made. */
    leftOut: Count,
    /** SHA-256 of this shard's `photos.ndjson`, which holds the hashes of the pixels. */
    photosSha256: Sha256,
  }),
  /** Photos in the whole export, those left out among them. */
  photos: Count,
});

type Envelope = v.InferOutput<typeof EnvelopeSchema>;

/** Everything an export says besides the photos themselves. */
export type LibraryFile = Omit<
  Envelope,
  'subClasses' | 'unknownLabels' | 'mergeRules' | 'confused' | 'benchmarks' | 'guidance' | 'plan'
> & {
  readonly subClasses: readonly SubClass[];
  readonly unknownLabels: readonly UnknownLabel[];
  readonly mergeRules: readonly MergeRule[];
  readonly confused: ConfusedTable;
  readonly benchmarks: readonly Benchmark[];
  readonly guidance: Guidance | null;
  readonly plan: ExportedPlan | null;
};

const envelopeRecord = defineRecord('library', 2, EnvelopeSchema, [
  {
    name: 'AddGuidanceAndPlan',
    from: 1,
    up: (old) => ({
      ...old,
      guidance: null,
      plan: null,
      ...(typeof old.shard === 'object' && { shard: { leftOut: 0, ...old.shard } }),
    }),
  },
]);

/** Version of `library.json` that this Menagerie writes. */
export const LIBRARY_VERSION = envelopeRecord.version;

/** @throws RecordError naming the file and the path inside it */
export function readLibrary(value: unknown, where: string): LibraryFile {
  const file = envelopeRecord.read(value, where);
  const each = <T>(list: readonly unknown[], key: string, read: (x: unknown, w: string) => T): T[] =>
    list.map((x, i) => read(x, `${where} ${key}.${String(i)}`));
  return {
    ...file,
    subClasses: each(file.subClasses, 'subClasses', subClassRecord.read),
    unknownLabels: each(file.unknownLabels, 'unknownLabels', unknownLabelRecord.read),
    mergeRules: each(file.mergeRules, 'mergeRules', mergeRuleRecord.read),
    confused: confusedTableRecord.read(file.confused, `${where} confused`),
    benchmarks: each(file.benchmarks, 'benchmarks', benchmarkRecord.read),
    guidance: orNull(file.guidance, (x) => guidanceRecord.read(x, `${where} guidance`)),
    plan: orNull(file.plan, (x) => exportedPlanRecord.read(x, `${where} plan`)),
  };
}

function orNull<T>(value: unknown, read: (x: unknown) => T): T | null {
  return value === null || value === undefined ? null : read(value);
}
