/** Opens scores: those of a published version, or of files that a person picked. */
import { targetsOf } from '#shared/metrics/gate-targets.ts';
import { DEFAULT_TARGETS } from '#shared/schema/gate.ts';
import type { Metrics } from '#shared/schema/metrics.ts';
import type { ModelCard } from '#shared/schema/model.ts';
import { DEFAULT_THRESHOLD } from '#shared/schema/names.ts';
import { PUBLISHED_SCORES } from '#shared/schema/scores.ts';
import { fileParts, publishedParts } from '../storage/matrix-parts.ts';
import type { Listed, Progress } from '../storage/model-fetch.ts';
import { pickScores } from './pick-scores.ts';
import { listed, readFacts, readScoresIndex } from './read-evidence.ts';
import { readScores } from './read-scores.ts';
import { createDesk, type Judging, type ScoreDesk } from './score-desk.ts';

/** A version whose card is known: scores of a run that was published are found to be its own. */
export interface KnownVersion {
  readonly published: Listed;
  readonly card: ModelCard;
}

/**
 * The scores that a version was published with.
 * @throws ScoresRefused where it came without; ModelRefused, Unreachable, RecordError, JsonError, NpyError
 */
export async function openPublished(
  published: Listed,
  progress: Progress,
  signal: AbortSignal,
): Promise<ScoreDesk> {
  const { card, metrics } = await readFacts(published, signal);
  const { index, matrix } = await readScoresIndex(card, signal);
  const parts = publishedParts(card.version, matrix, signal);
  return createDesk(await readScores(index, parts, matrix.bytes, progress), judgingBy(card, metrics));
}

/**
 * The scores of a run folder.
 * @param known published versions: one of them may be this run's
 * @throws ScoresRefused, RecordError, JsonError, NpyError; DOMException where a file can't be read any more
 */
export async function openPicked(
  files: readonly File[],
  known: readonly KnownVersion[],
  progress: Progress,
  signal: AbortSignal,
): Promise<ScoreDesk> {
  const { matrix, index, indexSha256, metrics } = await pickScores(files);
  const scores = await readScores(index, fileParts(matrix), matrix.size, progress);
  const version = known.find(({ card }) => listed(card, PUBLISHED_SCORES.index)?.sha256 === indexSha256);
  return createDesk(scores, await judgingOf(version, metrics, signal));
}

/** What a version's card and figures say. */
function judgingBy({ version, threshold, gate }: ModelCard, metrics: Metrics | null): Judging {
  return { version, threshold, targets: targetsOf(gate.checks), kindOf: kindsIn(metrics) };
}

/** Of picked files: as their version says where they are of one, else as the figures beside them say. */
async function judgingOf(
  known: KnownVersion | undefined,
  picked: Metrics | null,
  signal: AbortSignal,
): Promise<Judging> {
  if (known) {
    // The files are at hand whether or not the server can be reached now.
    const facts = picked ? null : await readFacts(known.published, signal).catch(() => null);
    return judgingBy(known.card, picked ?? facts?.metrics ?? null);
  }
  const threshold = picked?.threshold ?? DEFAULT_THRESHOLD;
  return { version: null, threshold, targets: DEFAULT_TARGETS, kindOf: kindsIn(picked) };
}

function kindsIn(metrics: Metrics | null): Judging['kindOf'] {
  const kinds = new Map(metrics?.sets.map(({ name, benchmark }) => [name, benchmark]));
  return (set) => kinds.get(set) ?? null;
}
