import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { benchmarkSummary } from '#shared/metrics/benchmark-summary.ts';
import { type ConfusedWeights, confusedWeights } from '#shared/metrics/confused-weights.ts';
import type { LossComparison, ModelFigures, SetFigures } from '#shared/metrics/gate-figures.ts';
import { witness } from '#shared/metrics/gate-loss.ts';
import { weightedLogLoss } from '#shared/metrics/log-loss.ts';
import { joinOutcomes, type Outcomes, outcomesOf } from '#shared/metrics/outcomes.ts';
import { summariseSet } from '#shared/metrics/summary.ts';
import type { ConfusedTable } from '#shared/schema/label.ts';
import type { LabelId } from '#shared/schema/names.ts';
import { versionFolder } from '#shared/schema/names.ts';

import { readConfusedTable } from './confused-table.ts';
import type { JudgedRun } from './context.ts';
import { type EvaluationRow, evaluationRows } from './evaluation-rows.ts';
import { readDataSet } from './photos.ts';
import type { StoredProduction } from './production.ts';
import { scorePhotos } from './score-photos.ts';
import { openScores, readScoresIndex, type RowRange, type Scores } from './scores-file.ts';
import { readVersionFolder } from './version-folder.ts';

type Known = Extract<StoredProduction, { kind: 'known' }>;

/**
 * Production's figures over the photos of this run: libraries grow, so those it was published with are hardly ever
 * about the same photos. Its network is run over the benchmarks and the test (else validation) set, once: the scores
 * stay in the run folder.
 * @throws VersionDamaged, RecordError … where its files are not whole; EngineUnusable
 */
export async function rescoreProduction(
  run: JudgedRun,
  production: Known,
  own: ModelFigures,
): Promise<{ readonly figures: ModelFigures; readonly loss: LossComparison | null }> {
  const table = await readConfusedTable(run);
  const set = witness(own.sets);
  const theirs = await openScores(await scoresOf(run, production, set));
  try {
    const { threshold, confusedTable } = own;
    const asked = own.sets.filter((s) => s.benchmark !== null || s === set);
    const sets = await Promise.all(asked.map((s) => measure(theirs, s, threshold)));
    const loss = set && (await compare(run, theirs, set.name, table));
    return { figures: { threshold, confusedTable, sets }, loss };
  } finally {
    await theirs.close();
  }
}

/** Folder of production's scores; they are made where they are missing or about other photos. */
async function scoresOf(run: JudgedRun, production: Known, set: SetFigures | null): Promise<string> {
  const folder = join(run.folder.scores, `production-${production.cardSha256.slice(0, 16)}`);
  const rows = evaluationRows(await readDataSet(run.folder)).filter(
    (row) => row.set === set?.name || row.set.startsWith('benchmark:'),
  );
  if (await areThere(folder, rows)) return folder;
  const model = versionFolder(production.version);
  run.log.say(
    `gate: running version ${model}, which is in production, over ${rows.length} photos of this run`,
  );
  const { labels, file, weights } = await readVersionFolder(production.folder);
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

async function measure(scores: Scores, set: SetFigures, threshold: number): Promise<SetFigures> {
  const parts: Outcomes[] = [];
  for await (const piece of scores.pieces(rangeOf(scores, set.name))) parts.push(outcomesOf(piece));
  const outcomes = joinOutcomes(scores.index.labels.length, parts);
  return {
    ...set,
    summary: summariseSet(set.name, outcomes, { threshold, weightedLogLoss: null }),
    spread: set.benchmark === null ? null : benchmarkSummary(outcomes, threshold),
  };
}

/** Both losses over the photos whose class both models know. */
async function compare(
  run: JudgedRun,
  theirs: Scores,
  set: string,
  table: ConfusedTable,
): Promise<LossComparison> {
  const ours = await openScores(run.folder.scores);
  try {
    const known = new Set<LabelId>(theirs.index.labels);
    const shared = ours.index.labels.map((label) => known.has(label));
    const mine = new Set<LabelId>(ours.index.labels);
    const sharedThere = theirs.index.labels.map((label) => mine.has(label));
    const [a, b] = [
      await meanLoss(ours, set, shared, confusedWeights(ours.index.labels, table)),
      await meanLoss(theirs, set, sharedThere, confusedWeights(theirs.index.labels, table)),
    ];
    if (a.loss === null || b.loss === null)
      return {
        kind: 'not-comparable',
        reason: `no photo of the ${set} set shows a class that both versions know`,
      };
    return { kind: 'compared', set, images: a.images, of: a.of, measured: a.loss, production: b.loss };
  } finally {
    await ours.close();
  }
}

/** Weighted log loss over the rows whose true class is one of `counted`. */
async function meanLoss(
  scores: Scores,
  set: string,
  counted: readonly boolean[],
  weights: ConfusedWeights,
): Promise<{ readonly loss: number | null; readonly images: number; readonly of: number }> {
  const range = rangeOf(scores, set);
  const loss = weightedLogLoss(weights);
  let images = 0;
  for await (const { classes, scores: values, truths } of scores.pieces(range)) {
    truths.forEach((truth, row) => {
      if (counted[truth] !== true) return;
      images += 1;
      loss.add({
        classes,
        scores: values.subarray(row * classes, (row + 1) * classes),
        truths: Int32Array.of(truth),
      });
    });
  }
  return { loss: loss.mean(), images, of: range.to - range.from };
}

function rangeOf({ index }: Scores, name: string): RowRange {
  return index.sets.find((set) => set.name === name) ?? { from: 0, to: 0 };
}
