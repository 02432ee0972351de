import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as v from 'valibot';

import { parseJson } from '#shared/schema/json.ts';
import { SetSummarySchema } from '#shared/schema/model.ts';
import { Sha256 } from '#shared/schema/names.ts';
import { defineRecord } from '#shared/schema/record.ts';

import type { RunFolder } from './run-folder.ts';

/** `report/metrics.json`, relative to the run folder. */
export const METRICS_FILE = 'report/metrics.json';

/** The part of `metrics.json` that other stages read; the file holds much more for each set. */
export const metricsRecord = defineRecord(
  'metrics',
  1,
  v.looseObject({
    v: v.literal(1),
    /** SHA-256 of the commonly-confused table behind the weighted log loss. */
    confusedTable: Sha256,
    sets: v.array(v.looseObject({ summary: SetSummarySchema })),
  }),
);

/** Headline figures of every set of a scored run. */
export async function readSummaries(folder: RunFolder): Promise<v.InferOutput<typeof SetSummarySchema>[]> {
  const path = join(folder.root, METRICS_FILE);
  const { sets } = metricsRecord.read(parseJson(await readFile(path, 'utf8'), path), path);
  return sets.map((set) => set.summary);
}
