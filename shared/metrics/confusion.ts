import type { Outcomes } from './outcomes.ts';
import { OUT_OF_SCOPE } from './score-table.ts';

/** One filled cell of a confusion matrix. */
export interface ConfusedPair {
  readonly truth: number;
  readonly predicted: number;
  readonly count: number;
}

/**
 * How often each true class was taken for each class (F-19). Images out of scope are not in it. Only filled cells are
 * listed, by truth and prediction: with 1 000 classes nearly all of a million are empty.
 */
export interface ConfusionMatrix {
  readonly classes: number;
  readonly cells: readonly ConfusedPair[];
}

export function confusionMatrix({ classes, truths, best }: Outcomes): ConfusionMatrix {
  const counts = new Map<number, number>();
  truths.forEach((truth, row) => {
    if (truth === OUT_OF_SCOPE) return;
    const cell = truth * classes + (best[row] ?? 0);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  });
  const cells = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([cell, count]) => ({ truth: Math.floor(cell / classes), predicted: cell % classes, count }));
  return { classes, cells };
}

/** Every truth → prediction pair that was wrong, most frequent first, then by truth and prediction (P5-28). */
export function confusedPairs({ cells }: ConfusionMatrix): ConfusedPair[] {
  return cells
    .filter((cell) => cell.truth !== cell.predicted)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.predicted - b.predicted);
}

/** Totals of the matrix: by truth, by prediction, and the right ones by class. */
export function totals({ classes, cells }: ConfusionMatrix): {
  readonly truths: Float64Array;
  readonly predicted: Float64Array;
  readonly right: Float64Array;
} {
  const [truths, predicted, right] = [
    new Float64Array(classes),
    new Float64Array(classes),
    new Float64Array(classes),
  ];
  for (const { truth, predicted: guess, count } of cells) {
    truths[truth] = (truths[truth] ?? 0) + count;
    predicted[guess] = (predicted[guess] ?? 0) + count;
    if (truth === guess) right[truth] = count;
  }
  return { truths, predicted, right };
}
