/** What a published version came with, read and checked. */
import { parseJson } from '#shared/schema/json.ts';
import { type Metrics, metricsRecord } from '#shared/schema/metrics.ts';
import type { FileEntry, ModelCard } from '#shared/schema/model.ts';
import type { RecordType } from '#shared/schema/record.ts';
import { PUBLISHED_SCORES, type ScoresIndex, scoresRecord } from '#shared/schema/scores.ts';
import { type TrainingFacts, trainingRecord } from '#shared/schema/training.ts';
import { fetchCard, fetchEntry, type Listed } from '../storage/model-fetch.ts';
import { ScoresRefused } from './read-scores.ts';

const METRICS = 'report/metrics.json';
const TRAINING = 'training/facts.json';

/** Everything of a version but its scores; null for what it does not have. */
export interface VersionFacts {
  readonly card: ModelCard;
  readonly metrics: Metrics | null;
  readonly training: TrainingFacts | null;
}

/** @throws ModelRefused, Unreachable, RecordError, JsonError naming the file */
export async function readFacts(published: Listed, signal: AbortSignal): Promise<VersionFacts> {
  const { card } = await fetchCard(published, signal);
  const read = <T>(path: string, record: RecordType<T>): Promise<T | null> =>
    readListed(card, path, record, signal);
  const [metrics, training] = await Promise.all([
    read(METRICS, metricsRecord),
    read(TRAINING, trainingRecord),
  ]);
  return { card, metrics, training };
}

/**
 * The index of a version's scores, and the matrix that it is about.
 * @throws ScoresRefused where the version came without; ModelRefused, Unreachable, RecordError, JsonError
 */
export async function readScoresIndex(
  card: ModelCard,
  signal: AbortSignal,
): Promise<{ readonly index: ScoresIndex; readonly matrix: FileEntry }> {
  const matrix = listed(card, PUBLISHED_SCORES.matrix);
  const index = matrix && (await readListed(card, PUBLISHED_SCORES.index, scoresRecord, signal));
  if (!matrix || !index)
    throw new ScoresRefused(
      `Version ${String(card.version)} was published without its full scores. Choose scores.npy and index.json ` +
        'from the folder "scores" of its run instead.',
    );
  if (index.sha256 !== matrix.sha256)
    throw new ScoresRefused(`The scores of version ${String(card.version)} are not those of its index.`);
  return { index, matrix };
}

export function listed({ files }: ModelCard, path: string): FileEntry | undefined {
  return files.find((file) => file.path === path);
}

async function readListed<T>(
  card: ModelCard,
  path: string,
  record: RecordType<T>,
  signal: AbortSignal,
): Promise<T | null> {
  const entry = listed(card, path);
  if (!entry) return null;
  const bytes = await fetchEntry(card.version, entry, signal);
  return record.read(parseJson(new TextDecoder().decode(bytes), path), path);
}
