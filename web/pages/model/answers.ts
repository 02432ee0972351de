import { OUT_OF_SCOPE } from '#shared/metrics/score-table.ts';

import type { SetAtThreshold } from '../../state/contract-evidence.ts';
import type { Cell } from './evidence-set.ts';

/** The confusion of answers alone: what guests would have been told, right and wrong, filled cells only. */
export function answerCells({ classes, wrongAnswers }: SetAtThreshold): Cell[] {
  const right = Array.from(classes.right, (count, c) => ({ truth: c, guess: c, count }));
  const wrong = Array.from(wrongAnswers.counts, (count, i) => ({
    truth: wrongAnswers.truths[i] ?? OUT_OF_SCOPE,
    guess: wrongAnswers.guesses[i] ?? 0,
    count,
  }));
  return [...right, ...wrong].filter((cell) => cell.count > 0);
}

/** Wrong cells first, the largest before the others; a search finds truth or guess by name. */
export function listedCells(
  cells: readonly Cell[],
  nameOf: (column: number) => string,
  query: string,
): Cell[] {
  const wanted = query.trim().toLowerCase();
  const fits = (column: number): boolean => nameOf(column).toLowerCase().includes(wanted);
  return cells
    .filter((cell) => cell.truth !== cell.guess && (fits(cell.truth) || fits(cell.guess)))
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.guess - b.guess);
}

/** How many photos each class has in the cells, by column of the truth. */
export function rowTotals(cells: readonly Cell[]): Map<number, number> {
  const totals = new Map<number, number>();
  for (const { truth, count } of cells) totals.set(truth, (totals.get(truth) ?? 0) + count);
  return totals;
}

/** What was answered for photos that show none of the classes (P3-27): the class and how often, most first. */
export function answersOutOfScope(set: SetAtThreshold): Cell[] {
  return answerCells(set)
    .filter((cell) => cell.truth === OUT_OF_SCOPE)
    .sort((a, b) => b.count - a.count || a.guess - b.guess);
}
