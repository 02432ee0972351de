import type { Metrics } from '../schema/metrics.ts';
import type { LabelId } from '../schema/names.ts';

/** How often a model took one class for another, on photos that it was not trained with. */
export interface ConfusionEvidence {
  readonly truth: LabelId;
  readonly predicted: LabelId;
  readonly count: number;
  /** Photos that show the true class. */
  readonly of: number;
}

/**
 * Every confusion in the test set and the benchmarks of a scored model, most frequent first (P3-13). Training and
 * validation photos say nothing here, since the model was fitted to them. A photo in two sets counts in both.
 */
export function confusionEvidence({ labels, sets }: Pick<Metrics, 'labels' | 'sets'>): ConfusionEvidence[] {
  const found = new Map<string, ConfusionEvidence>();
  const shown = new Map<number, number>();
  const cells = sets
    .filter((set) => set.name === 'test' || set.benchmark !== null)
    .flatMap((set) => set.confusion);
  for (const [truth, , count] of cells) shown.set(truth, (shown.get(truth) ?? 0) + count);
  for (const [truth, predicted, count] of cells) {
    const [from, to] = [labels[truth], labels[predicted]];
    if (truth === predicted || !from || !to) continue;
    const key = `${String(truth)} ${String(predicted)}`;
    const sum = (found.get(key)?.count ?? 0) + count;
    found.set(key, { truth: from.id, predicted: to.id, count: sum, of: shown.get(truth) ?? 0 });
  }
  return [...found.values()].sort(
    (a, b) => b.count - a.count || order(a.truth, b.truth) || order(a.predicted, b.predicted),
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
