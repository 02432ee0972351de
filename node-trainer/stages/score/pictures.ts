import type { Outcomes } from '#shared/metrics/outcomes.ts';
import { isAnswer } from '#shared/schema/names.ts';
import type { Metrics, NotedPicture } from '#shared/schema/metrics.ts';

import type { RowRange, Scores } from '../../run/scores-file.ts';

/** Pictures noted of each set: enough for a gut feeling (P5-34), few enough to look at. */
const MOST = 24;
const TOP = 3;

interface Noted {
  /** Of the set. */
  readonly row: number;
  readonly kind: NotedPicture['kind'];
  /** Of the best guess. */
  readonly score: number;
}

/**
 * The pictures that a person should look at (P5-34, P5-48, P3-27): first what was answered wrongly, the surest first;
 * then wrong guesses below the threshold, the surest first; then what was right but not answered, the least sure first.
 * @param range rows of the set
 */
export async function notePictures(
  scores: Scores,
  range: RowRange,
  given: { readonly outcomes: Outcomes; readonly threshold: number; readonly labels: Metrics['labels'] },
): Promise<NotedPicture[]> {
  const { items, labels } = scores.index;
  const known = new Set(labels);
  const noted: NotedPicture[] = [];
  for (const { row, kind } of worstFirst(given.outcomes, given.threshold)) {
    const item = items[range.from + row];
    if (!item) continue;
    const truth = item.truth !== null && known.has(item.truth) ? item.truth : null;
    const top = topOf(await scores.row(range.from + row), given.labels);
    noted.push({ photo: item.photo, truth, kind, top });
  }
  return noted;
}

function worstFirst({ truths, best, bestScores }: Outcomes, threshold: number): Noted[] {
  const kinds = { sad: [] as Noted[], wrong: [] as Noted[], unsure: [] as Noted[] };
  truths.forEach((truth, row) => {
    const score = bestScores[row] ?? 0;
    const [right, answered] = [best[row] === truth, isAnswer(score, threshold)];
    if (right && answered) return;
    const kind = right ? 'unsure' : answered ? 'sad' : 'wrong';
    kinds[kind].push({ row, kind, score });
  });
  const surest = (a: Noted, b: Noted): number => b.score - a.score || a.row - b.row;
  return [
    ...kinds.sad.sort(surest),
    ...kinds.wrong.sort(surest),
    ...kinds.unsure.sort((a, b) => surest(b, a)),
  ].slice(0, MOST);
}

/** Best scores of a row; of equal scores the lower column first. */
function topOf(scores: Float32Array, labels: Metrics['labels']): NotedPicture['top'] {
  const columns = Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  return columns.slice(0, TOP).flatMap((column) => {
    const label = labels[column];
    // Rounding of float32 may leave a hair above 1.
    return label ? [{ label: label.id, score: Math.min(1, Math.max(0, scores[column] ?? 0)) }] : [];
  });
}
