/** Truth of a picture that shows none of the model's classes. */
export const OUT_OF_SCOPE = -1;

/** Softmax scores of a set of images: what every metric is computed from (P5-20 … P5-23). */
export interface ScoreTable {
  /** Columns. */
  readonly classes: number;
  /** Row by row, `rows × classes`; each row adds up to 1. */
  readonly scores: Float32Array | Float64Array;
  /** Class of each row, or `OUT_OF_SCOPE`. */
  readonly truths: Int32Array;
}

/** The table contradicts itself. The message names the row. */
export class ScoreTableError extends Error {
  override readonly name = 'ScoreTableError';
}

/** Float32 softmax over many classes misses 1 by far less; a table read in the wrong layout by far more. */
const SUM_TOLERANCE = 1e-3;
const RANGE_TOLERANCE = 1e-6;

/**
 * A checked table; the arrays are kept, not copied.
 * @param firstRow number of its first row in messages, for a piece of a larger table
 * @throws ScoreTableError
 */
export function scoreTable(
  classes: number,
  scores: ScoreTable['scores'],
  truths: Int32Array,
  firstRow: number = 0,
): ScoreTable {
  if (!Number.isInteger(classes) || classes < 1)
    throw new ScoreTableError(`expected 1 class or more, found ${classes}`);
  if (scores.length !== classes * truths.length)
    throw new ScoreTableError(
      `expected ${truths.length} rows × ${classes} classes, found ${scores.length} scores`,
    );
  truths.forEach((truth, row) => {
    if (truth < OUT_OF_SCOPE || truth >= classes)
      throw new ScoreTableError(`row ${firstRow + row}: the true class ${truth} is not one of ${classes}`);
    checkRow(scores.subarray(row * classes, (row + 1) * classes), firstRow + row);
  });
  return { classes, scores, truths };
}

function checkRow(scores: ScoreTable['scores'], row: number): void {
  let sum = 0;
  for (const score of scores) {
    if (!(score >= -RANGE_TOLERANCE && score <= 1 + RANGE_TOLERANCE))
      throw new ScoreTableError(`row ${row}: ${score} is not a score from 0 to 1`);
    sum += score;
  }
  if (!(Math.abs(sum - 1) <= SUM_TOLERANCE))
    throw new ScoreTableError(`row ${row}: the scores add up to ${sum}, not to 1`);
}
