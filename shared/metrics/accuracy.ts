import { rowsInScope, scoreAt, truthAt, type ScoreTable } from './score-table.ts';

/** Column of the best score of a row; among equals the lowest column, as numpy's argmax. */
export function argmax(table: ScoreTable, row: number): number {
  let best = 0;
  for (let column = 1; column < table.classes; column++)
    if (scoreAt(table, row, column) > scoreAt(table, row, best)) best = column;
  return best;
}

/** The best column of every row. */
export function predictions(table: ScoreTable): Int32Array {
  return table.truths.map((_, row) => argmax(table, row));
}

/** Share of the rows in scope whose best score is their true class; null without such rows. */
export function accuracy(table: ScoreTable): number | null {
  return topK(table, 1);
}

/**
 * Share of the rows in scope whose true class is among the `k` best; null without such rows.
 * Ties as in `argmax`: of equal scores the lower column ranks first.
 */
export function topK(table: ScoreTable, k: number): number | null {
  const rows = rowsInScope(table);
  if (rows.length === 0) return null;
  return rows.filter((row) => rankOfTruth(table, row) < k).length / rows.length;
}

/** How many columns rank before the true one. */
function rankOfTruth(table: ScoreTable, row: number): number {
  const truth = truthAt(table, row);
  const own = scoreAt(table, row, truth);
  let rank = 0;
  for (let column = 0; column < table.classes; column++) {
    const score = scoreAt(table, row, column);
    if (score > own || (score === own && column < truth)) rank++;
  }
  return rank;
}
