import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { benchmarkSummary } from '#shared/metrics/benchmark-summary.ts';
import type { LossComparison, ModelFigures, SetFigures } from '#shared/metrics/gate-figures.ts';
import { witness } from '#shared/metrics/gate-loss.ts';
import { joinOutcomes, type Outcomes, outcomesOf } from '#shared/metrics/outcomes.ts';
import { summariseSet } from '#shared/metrics/summary.ts';
import { type PhotoId, versionFolder } from '#shared/schema/names.ts';

import type { JudgedRun } from './context.ts';
import type { EvaluationRow } from './evaluation-rows.ts';
import { readPublishedIndex, type StoredProduction } from './production.ts';
import { rowsForModel } from './production-rows.ts';
import { compareOnRun, itemsOf, rangeOf } from './rescore-loss.ts';
import { scorePhotos } from './score-photos.ts';
import { openScores, readScoresIndex, type Scores } from './scores-file.ts';
import { readVersionFolder } from './version-folder.ts';

type Known = Extract<StoredProduction, { kind: 'known' }>;

/**
 * Production's figures over the photos of this run: libraries grow, so those it was published with are hardly ever
 * about the same photos. Its network is run over the benchmarks and the test (else validation) set, once: the scores
 * stay in the run folder. Its files are checked every time.
 * @throws VersionDamaged, RecordError … where its files are not whole; EngineUnusable
 */
export async function rescoreProduction(
  run: JudgedRun,
  production: Known,
  own: ModelFigures,
): Promise<{ readonly figures: ModelFigures; readonly loss: LossComparison | null }> {
  const set = witness(own.sets);
  const theirs = await openScores(await scoresOf(run, production, set));
  try {
    const { threshold, confusedTable } = own;
    const asked = own.sets.filter((s) => s.benchmark !== null || s === set);
    const learnt = await photosLearntBy(production);
    const sets = await Promise.all(asked.map((s) => measure(theirs, s, threshold, learnt)));
    const loss = set && (await compareOnRun(run, theirs, set.name, learnt));
    return { figures: { threshold, confusedTable, sets }, loss };
  } finally {
    await theirs.close();
  }
}

/** Folder of production's scores; they are made where they are missing or about other photos. */
async function scoresOf(run: JudgedRun, production: Known, set: SetFigures | null): Promise<string> {
  const folder = join(run.folder.scores, `production-${production.cardSha256.slice(0, 16)}`);
  const { labels, file, weights } = await readVersionFolder(production.folder);
  const rows = await rowsForModel(run.folder, labels, set?.name ?? null);
  if (await areThere(folder, rows)) return folder;
  const model = versionFolder(production.version);
  run.log.say(
    `gate: running version ${model}, which is in production, over ${rows.length} photos of this run`,
  );
  await mkdir(folder, { recursive: true });
  await scorePhotos(run, { model, labels, file, weights }, { rows, folder });
  return folder;
}

async function areThere(folder: string, rows: readonly EvaluationRow[]): Promise<boolean> {
  const index = await readScoresIndex(folder).catch(() => null);
  if (!index) return false;
  const unread = new Set(index.unreadable.map((u) => `${u.set} ${u.photo}`));
  const wanted = rows.filter((row) => !unread.has(`${row.set} ${row.photo}`));
  return (
    wanted.length === index.items.length &&
    wanted.every(({ photo, truth }, i) => index.items[i]?.photo === photo && index.items[i].truth === truth)
  );
}

/** Photos that a published version was trained on. */
async function photosLearntBy({ folder }: Known): Promise<ReadonlySet<PhotoId>> {
  return new Set(itemsOf(await readPublishedIndex(folder), 'training').map((item) => item.photo));
}

async function measure(
  scores: Scores,
  set: SetFigures,
  threshold: number,
  learnt: ReadonlySet<PhotoId>,
): Promise<SetFigures> {
  const parts: Outcomes[] = [];
  for await (const piece of scores.pieces(rangeOf(scores.index, set.name))) parts.push(outcomesOf(piece));
  const outcomes = joinOutcomes(scores.index.labels.length, parts);
  return {
    ...set,
    summary: summariseSet(set.name, outcomes, { threshold, weightedLogLoss: null }),
    spread: set.benchmark === null ? null : benchmarkSummary(outcomes, threshold),
    learnt: itemsOf(scores.index, set.name).filter((item) => learnt.has(item.photo)).length,
  };
}
