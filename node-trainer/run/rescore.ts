import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { benchmarkSummary } from '#shared/metrics/benchmark-summary.ts';
import { type ConfusedWeights, confusedWeights } from '#shared/metrics/confused-weights.ts';
import type { LossComparison, ModelFigures, SetFigures } from '#shared/metrics/gate-figures.ts';
import { witness } from '#shared/metrics/gate-loss.ts';
import { weightedLogLoss } from '#shared/metrics/log-loss.ts';
import { joinOutcomes, type Outcomes, outcomesOf } from '#shared/metrics/outcomes.ts';
import { summariseSet } from '#shared/metrics/summary.ts';
import { type PhotoId, versionFolder } from '#shared/schema/names.ts';
import type { ScoresIndex } from '#shared/schema/scores.ts';

import { readConfusedTable } from './confused-table.ts';
import type { JudgedRun } from './context.ts';
import type { EvaluationRow } from './evaluation-rows.ts';
import { readPublishedIndex, type StoredProduction } from './production.ts';
import { rowsForModel } from './production-rows.ts';
import { scorePhotos } from './score-photos.ts';
import { openScores, readScoresIndex, type RowRange, type Scores } from './scores-file.ts';
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
    const loss = set && (await compare(run, theirs, set.name, learnt));
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

/**
 * Both losses over the photos whose class both models know and that neither learnt from: what production was trained on
 * would flatter it.
 */
async function compare(
  run: JudgedRun,
  theirs: Scores,
  set: string,
  learnt: ReadonlySet<PhotoId>,
): Promise<LossComparison> {
  const ours = await openScores(run.folder.scores);
  try {
    const table = await readConfusedTable(run);
    const photos = fairPhotos(ours.index, theirs.index, set, learnt);
    const [measured, other] = [
      await meanLoss(ours, set, photos, confusedWeights(ours.index.labels, table)),
      await meanLoss(theirs, set, photos, confusedWeights(theirs.index.labels, table)),
    ];
    if (measured === null || other === null) {
      const reason = `every photo of the ${set} set is one that production learnt from, or of a class that it does not know`;
      return { kind: 'not-comparable', reason };
    }
    const { from, to } = rangeOf(ours.index, set);
    return { kind: 'compared', set, images: photos.size, of: to - from, measured, production: other };
  } finally {
    await ours.close();
  }
}

function fairPhotos(
  ours: ScoresIndex,
  theirs: ScoresIndex,
  set: string,
  learnt: ReadonlySet<PhotoId>,
): Set<PhotoId> {
  const known = new Set(
    itemsOf(theirs, set)
      .filter((item) => item.truth !== null)
      .map((item) => item.photo),
  );
  const fair = itemsOf(ours, set).filter(
    ({ photo, truth }) => truth !== null && known.has(photo) && !learnt.has(photo),
  );
  return new Set(fair.map((item) => item.photo));
}

/** Weighted log loss over some photos of a set; null without any. */
async function meanLoss(
  scores: Scores,
  set: string,
  photos: ReadonlySet<PhotoId>,
  weights: ConfusedWeights,
): Promise<number | null> {
  const range = rangeOf(scores.index, set);
  const loss = weightedLogLoss(weights);
  let at = range.from;
  for await (const { classes, scores: values, truths } of scores.pieces(range)) {
    for (let row = 0; row < truths.length; row++) {
      const item = scores.index.items[at++];
      if (!item || !photos.has(item.photo)) continue;
      const own = values.subarray(row * classes, (row + 1) * classes);
      loss.add({ classes, scores: own, truths: truths.subarray(row, row + 1) });
    }
  }
  return loss.mean();
}

function itemsOf(index: ScoresIndex, set: string): ScoresIndex['items'] {
  const { from, to } = rangeOf(index, set);
  return index.items.slice(from, to);
}

function rangeOf({ sets }: ScoresIndex, name: string): RowRange {
  return sets.find((set) => set.name === name) ?? { from: 0, to: 0 };
}
