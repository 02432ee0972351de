/** Which of the files that a person picked is which: told by what is in them, not by their names. */
import { type Metrics, metricsRecord } from '#shared/schema/metrics.ts';
import { type ScoresIndex, scoresRecord } from '#shared/schema/scores.ts';
import { parseJson } from '#shared/schema/json.ts';
import { sha256 } from '../platform/hash.ts';
import { ScoresRefused } from './read-scores.ts';

/** Larger texts are no index: a million photos take about a hundred megabytes. */
const MOST_TEXT = 256 << 20;

export interface PickedScores {
  readonly matrix: File;
  readonly index: ScoresIndex;
  /** SHA-256 of the index, as it is. */
  readonly indexSha256: string;
  /** Null where it was not picked. */
  readonly metrics: Metrics | null;
}

/**
 * Finds matrix and index, and the figures where they are there; anything else is passed over.
 * @throws ScoresRefused where one is missing or there are several; RecordError, JsonError naming the file
 */
export async function pickScores(files: readonly File[]): Promise<PickedScores> {
  const matrices: File[] = [];
  const indices: Pick<PickedScores, 'index' | 'indexSha256'>[] = [];
  const figures: Metrics[] = [];
  for (const file of files) {
    const kind = await kindOf(file);
    if (kind === 'matrix') matrices.push(file);
    if (kind !== 'text') continue;
    const bytes = await file.arrayBuffer();
    const value = parseJson(new TextDecoder().decode(bytes), file.name);
    if (has(value, 'items', 'sets', 'sha256'))
      indices.push({ index: scoresRecord.read(value, file.name), indexSha256: await sha256(bytes) });
    else if (has(value, 'confusedTable', 'sets')) figures.push(metricsRecord.read(value, file.name));
  }
  const matrix = only(matrices, 'The matrix scores.npy');
  const { index, indexSha256 } = only(indices, 'The index of the scores, index.json,');
  const metrics = figures.find(({ labels }) => isSame(labels, index.labels)) ?? null;
  return { matrix, index, indexSha256, metrics };
}

async function kindOf(file: File): Promise<'matrix' | 'text' | 'other'> {
  const start = new Uint8Array(await file.slice(0, 6).arrayBuffer());
  const text = String.fromCharCode(...start);
  if (text === '\u0093NUMPY') return 'matrix';
  return text.trimStart().startsWith('{') && file.size <= MOST_TEXT ? 'text' : 'other';
}

function has(value: unknown, ...keys: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && keys.every((key) => Object.hasOwn(value, key));
}

function only<T>(found: readonly T[], what: string): T {
  const [first] = found;
  const wish = 'Choose scores.npy and index.json of one run folder together.';
  if (first === undefined) throw new ScoresRefused(`${what} is not among these files. ${wish}`);
  if (found.length > 1)
    throw new ScoresRefused(`${what} is there ${String(found.length)} times among these files. ${wish}`);
  return first;
}

function isSame(labels: Metrics['labels'], columns: ScoresIndex['labels']): boolean {
  return labels.length === columns.length && labels.every(({ id }, column) => id === columns[column]);
}
