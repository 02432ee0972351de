import { argmax } from './accuracy.ts';
import { rowsInScope, truthAt, type ScoreTable } from './score-table.ts';

/** How often each true class was taken for each class (F-19). Rows out of scope are not in it. */
export interface ConfusionMatrix {
  readonly classes: number;
  /** Row = truth, column = best guess; `classes × classes`, row by row. */
  readonly counts: Uint32Array;
}

export interface ConfusedPair {
  readonly truth: number;
  readonly predicted: number;
  readonly count: number;
}

export function confusionMatrix(table: ScoreTable): ConfusionMatrix {
  const { classes } = table;
  const counts = new Uint32Array(classes * classes);
  for (const row of rowsInScope(table)) {
    const cell = truthAt(table, row) * classes + argmax(table, row);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return { classes, counts };
}

export function countAt(matrix: ConfusionMatrix, truth: number, predicted: number): number {
  return matrix.counts[truth * matrix.classes + predicted] ?? 0;
}

/** Every truth → prediction pair that was wrong, most frequent first, then by truth and prediction (P5-28). */
export function confusedPairs(matrix: ConfusionMatrix): ConfusedPair[] {
  const pairs: ConfusedPair[] = [];
  matrix.counts.forEach((count, cell) => {
    const [truth, predicted] = [Math.floor(cell / matrix.classes), cell % matrix.classes];
    if (count > 0 && truth !== predicted) pairs.push({ truth, predicted, count });
  });
  return pairs.sort((a, b) => b.count - a.count || a.truth - b.truth || a.predicted - b.predicted);
}

/** Totals of the matrix: by truth, by prediction, and the right ones by class. */
export function totals(matrix: ConfusionMatrix): {
  readonly truths: Float64Array;
  readonly predicted: Float64Array;
  readonly right: Float64Array;
} {
  const { classes } = matrix;
  const [truths, predicted, right] = [0, 0, 0].map(() => new Float64Array(classes)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  matrix.counts.forEach((count, cell) => {
    const [t, p] = [Math.floor(cell / classes), cell % classes];
    truths[t] = (truths[t] ?? 0) + count;
    predicted[p] = (predicted[p] ?? 0) + count;
    if (t === p) right[t] = count;
  });
  return { truths, predicted, right };
}
