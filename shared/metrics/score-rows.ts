import { isAnswer } from '../schema/names.ts';
import type { Outcomes } from './outcomes.ts';
import { OUT_OF_SCOPE } from './score-table.ts';

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

/** Where a set lies among the rows. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The rows that are asked for, in the order asked for; rows that are alike keep theirs. By the lowest truth photos out
 * of scope come last, for they have no true class.
 */
export function rowsWhere(outcomes: Outcomes, { from, to }: RowRange, question: RowsQuestion): Int32Array {
  const rows: number[] = [];
  for (let row = from; row < to; row++) if (fits(outcomes, row, question)) rows.push(row);
  const key = keyOf(outcomes, question.order);
  return Int32Array.from(rows).sort((a, b) => key(a) - key(b) || a - b);
}

function fits({ truths, best, bestScores }: Outcomes, row: number, asked: RowsQuestion): boolean {
  const [truth, guess] = [truths[row], best[row]];
  if (asked.truth !== null && truth !== asked.truth) return false;
  if (asked.guess !== null && guess !== asked.guess) return false;
  if (asked.outcome !== 'any' && (truth === guess) !== (asked.outcome === 'right')) return false;
  return (
    asked.answers === 'any' ||
    isAnswer(bestScores[row] ?? 0, asked.threshold) === (asked.answers === 'answered')
  );
}

function keyOf(outcomes: Outcomes, order: RowsQuestion['order']): (row: number) => number {
  const { truths, bestScores, truthScores } = outcomes;
  if (order === 'surest') return (row) => -(bestScores[row] ?? 0);
  if (order === 'least-sure') return (row) => bestScores[row] ?? 0;
  return (row) => (truths[row] === OUT_OF_SCOPE ? 2 : (truthScores[row] ?? 0));
}
