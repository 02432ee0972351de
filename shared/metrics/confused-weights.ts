import type { ConfusedTable } from '../schema/label.ts';
import type { LabelId } from '../schema/names.ts';
import { sha256Hex } from './sha256.ts';

/** The weight of a mistake, by columns of a model (P3-13, P3-16). */
export interface ConfusedWeights {
  /** 1 unless the table says otherwise (P3-17). */
  readonly of: (truth: number, predicted: number) => number;
  /** Columns whose weight is not 1 where `truth` is the true class; hardly ever more than a few. */
  readonly partial: (truth: number) => readonly PartialWeight[];
  /** Identity of the table they come from, see `confusedFingerprint`. */
  readonly fingerprint: string;
}

interface PartialWeight {
  readonly predicted: number;
  readonly weight: number;
}

/** The table gives one pair two different weights. */
export class ConfusedTableError extends Error {
  override readonly name = 'ConfusedTableError';
  constructor(truth: string, predicted: string) {
    super(`the commonly-confused table gives "${truth}" → "${predicted}" two weights`);
  }
}

/**
 * @param labels classes of the model in the order of its columns; pairs with other classes do not matter to it
 * @throws ConfusedTableError
 */
export function confusedWeights(labels: readonly LabelId[], table: ConfusedTable): ConfusedWeights {
  const columns = new Map(labels.map((id, column) => [id, column]));
  const byTruth = new Map<number, PartialWeight[]>();
  for (const { truth, predicted, weight } of canonicalPairs(table)) {
    const [row, column] = [columns.get(truth), columns.get(predicted)];
    if (row === undefined || column === undefined || weight === 1) continue;
    byTruth.set(row, [...(byTruth.get(row) ?? []), { predicted: column, weight }]);
  }
  const partial = (truth: number): readonly PartialWeight[] => byTruth.get(truth) ?? [];
  return {
    of: (truth, predicted) => partial(truth).find((p) => p.predicted === predicted)?.weight ?? 1,
    partial,
    fingerprint: confusedFingerprint(table),
  };
}

/**
 * Identity of a table for reports: weighted log losses compare only under the same one. SHA-256, in hex, of the JSON
 * text of its pairs as `[truth, predicted, weight]`, sorted by truth and prediction in code-unit order.
 * Pairs of weight 1 are left out, for they change nothing.
 * @throws ConfusedTableError
 */
export function confusedFingerprint(table: ConfusedTable): string {
  const pairs = canonicalPairs(table).filter((p) => p.weight !== 1);
  return sha256Hex(JSON.stringify(pairs.map((p) => [p.truth, p.predicted, p.weight])));
}

type Pair = ConfusedTable['pairs'][number];

function canonicalPairs(table: ConfusedTable): Pair[] {
  const byKey = new Map<string, Pair>();
  for (const pair of table.pairs) {
    const key = JSON.stringify([pair.truth, pair.predicted]);
    if ((byKey.get(key)?.weight ?? pair.weight) !== pair.weight)
      throw new ConfusedTableError(pair.truth, pair.predicted);
    byKey.set(key, pair);
  }
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...byKey.values()].sort((a, b) => compare(a.truth, b.truth) || compare(a.predicted, b.predicted));
}
