import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseJson } from '#shared/schema/json.ts';
import { type Metrics, metricsRecord } from '#shared/schema/metrics.ts';
import type { SetSummary } from '#shared/schema/model.ts';

import type { RunFolder } from './run-folder.ts';

/** `report/metrics.json`, relative to the run folder; a version folder has it at the same place. */
export const METRICS_FILE = 'report/metrics.json';

/**
 * Every figure of a scored run, or of a published version.
 * @param root run folder or version folder
 * @throws RecordError naming the file and the path inside it
 */
export async function readMetrics(root: string): Promise<Metrics> {
  const path = join(root, METRICS_FILE);
  return metricsRecord.read(parseJson(await readFile(path, 'utf8'), path), path);
}

/** Headline figures of every set of a scored run. */
export async function readSummaries(folder: RunFolder): Promise<SetSummary[]> {
  return (await readMetrics(folder.root)).sets.map((set) => set.summary);
}
