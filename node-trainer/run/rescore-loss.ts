import { type ConfusedWeights, confusedWeights } from '#shared/metrics/confused-weights.ts';
import type { LossComparison } from '#shared/metrics/gate-figures.ts';
import { weightedLogLoss } from '#shared/metrics/log-loss.ts';
import type { PhotoId } from '#shared/schema/names.ts';
import type { ScoresIndex } from '#shared/schema/scores.ts';

import { readConfusedTable } from './confused-table.ts';
import type { JudgedRun } from './context.ts';
import { openScores, type RowRange, type Scores } from './scores-file.ts';

/**
 * Both losses over the photos whose class both models know and that neither learnt from: what production was trained on
 * would flatter it.
 */
export async function compareOnRun(
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

/** Rows of a set, as its index has them. */
export function itemsOf(index: ScoresIndex, set: string): ScoresIndex['items'] {
  const { from, to } = rangeOf(index, set);
  return index.items.slice(from, to);
}

/** Where the rows of a set lie; nowhere for a set that is not there. */
export function rangeOf({ sets }: ScoresIndex, name: string): RowRange {
  return sets.find((set) => set.name === name) ?? { from: 0, to: 0 };
}
