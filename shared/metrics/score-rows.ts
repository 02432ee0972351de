/** Which photos are asked for. */
export interface RowsQuestion {
  /** Name of a set; null for all of them. */
  readonly set: string | null;
  /** Column of the true class, or `OUT_OF_SCOPE` (−1); null for any. */
  readonly truth: number | null;
  /** Column of the best guess; null for any. */
  readonly guess: number | null;
  readonly outcome: 'any' | 'right' | 'wrong';
  readonly answers: 'any' | 'answered' | 'not-answered';
  /** Score from which an answer is given. */
  readonly threshold: number;
  /** By the best score, high or low first, or by the score of the true class, low first. */
  readonly order: 'surest' | 'least-sure' | 'lowest-truth';
}
