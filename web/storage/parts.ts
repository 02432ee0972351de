/** Everything a library says besides its photos: labels, merge rules, benchmarks, commonly-confused pairs. */
import { benchmarkRecord, type Benchmark } from '#shared/schema/benchmark.ts';
import {
  confusedTableRecord,
  mergeRuleRecord,
  subClassRecord,
  unknownLabelRecord,
  type ConfusedTable,
  type MergeRule,
  type SubClass,
  type UnknownLabel,
} from '#shared/schema/label.ts';
import type { LibraryFile } from '#shared/schema/library.ts';
import type { RecordType } from '#shared/schema/record.ts';
import type { Database } from './db.ts';
import { GUIDANCE_KEY } from './guidance.ts';
import { addMissing } from './photos.ts';
import type { LibrarySchema } from './upgrades.ts';

export interface LibraryParts {
  readonly subClasses: readonly SubClass[];
  readonly unknownLabels: readonly UnknownLabel[];
  readonly mergeRules: readonly MergeRule[];
  readonly benchmarks: readonly Benchmark[];
  readonly confused: ConfusedTable;
}

const STORES = ['subClasses', 'unknownLabels', 'mergeRules', 'benchmarks', 'settings'] as const;
const NO_PAIRS: ConfusedTable = { v: 1, pairs: [] };

/** @throws RecordError naming the record that is damaged */
export async function readParts(db: Database<LibrarySchema>): Promise<LibraryParts> {
  const [subClasses, unknownLabels, mergeRules, benchmarks, confused] = await db.read([...STORES], (tx) =>
    Promise.all([
      tx.objectStore('subClasses').getAll(),
      tx.objectStore('unknownLabels').getAll(),
      tx.objectStore('mergeRules').getAll(),
      tx.objectStore('benchmarks').getAll(),
      tx.objectStore('settings').get('confused'),
    ]),
  );
  return {
    subClasses: each(subClassRecord, subClasses),
    unknownLabels: each(unknownLabelRecord, unknownLabels),
    mergeRules: each(mergeRuleRecord, mergeRules),
    benchmarks: each(benchmarkRecord, benchmarks),
    confused: confused === undefined ? NO_PAIRS : confusedTableRecord.read(confused, 'confused'),
  };
}

/** Adds what an export brings along and is not there yet; what is there already stays as it is. */
export function mergeParts(
  db: Database<LibrarySchema>,
  parts: LibraryParts & Partial<Pick<LibraryFile, 'guidance' | 'plan'>>,
): Promise<void> {
  return db.write([...STORES], async (tx) => {
    await addMissing(tx, 'subClasses', parts.subClasses);
    await addMissing(tx, 'unknownLabels', parts.unknownLabels);
    await addMissing(tx, 'mergeRules', parts.mergeRules);
    await addMissing(tx, 'benchmarks', parts.benchmarks);
    const settings = tx.objectStore('settings');
    const stored: unknown = await settings.get('confused');
    const ours = stored === undefined ? NO_PAIRS : confusedTableRecord.read(stored, 'confused');
    await settings.put(withPairs(ours, parts.confused), 'confused');
    await fill(settings, GUIDANCE_KEY, parts.guidance);
    await fill(settings, 'plan', parts.plan?.options);
  });
}

/** What a library has said already, it goes on saying. */
async function fill(
  settings: {
    readonly get: (key: string) => Promise<unknown>;
    readonly put: (value: unknown, key: string) => unknown;
  },
  key: string,
  value: unknown,
): Promise<void> {
  const ours = await settings.get(key);
  if (value !== null && value !== undefined && (ours === undefined || ours === null))
    await settings.put(value, key);
}

function withPairs(ours: ConfusedTable, theirs: ConfusedTable): ConfusedTable {
  const key = (pair: ConfusedTable['pairs'][number]): string => JSON.stringify([pair.truth, pair.predicted]);
  const present = new Set(ours.pairs.map(key));
  return { v: 1, pairs: [...ours.pairs, ...theirs.pairs.filter((pair) => !present.has(key(pair)))] };
}

function each<T>(type: RecordType<T>, records: readonly { readonly id: string }[]): T[] {
  return records.map((record) => type.read(record, `${type.kind} "${record.id}"`));
}
