import type { Pixels } from '#shared/image/pixels.ts';
import type { Network } from '#shared/model/network.ts';
import type { Identified } from '#shared/schema/identified.ts';
import type { ModelLabel } from '#shared/schema/model.ts';
import { isAnswer } from '#shared/schema/names.ts';

import { scoreAll } from './network.ts';

/** Classes shown for a photo. */
export const TOP = 3;

/** Photos to be identified, and with what. */
export interface BulkJob<T> {
  readonly network: Network;
  readonly labels: readonly ModelLabel[];
  readonly threshold: number;
  readonly items: readonly T[];
  /** Place of the first item in the whole list; 0 unless it is a shard. */
  readonly from?: number;
  readonly nameOf: (item: T) => Pick<Identified, 'file' | 'photo'>;
  /** null: the photo can't be used; whoever loads says why. */
  readonly load: (item: T, row: number) => Promise<Pixels | null>;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Identifies many photos, one by one in their order (P5-38): memory doesn't grow with their number. */
export async function* identifyAll<T>(job: BulkJob<T>): AsyncGenerator<Identified> {
  const { network, items, from = 0 } = job;
  const placed = items.map((item, i) => ({ item, row: from + i }));
  const scored = scoreAll(network, placed, ({ item, row }) => job.load(item, row));
  for await (const { item: placedItem, scores } of scored) {
    const { item, row } = placedItem;
    yield { row, ...job.nameOf(item), ...guessesOf(scores, job) };
    job.onProgress?.(row - from + 1, items.length);
  }
}

function guessesOf(
  scores: Float32Array,
  { labels, threshold }: Pick<BulkJob<unknown>, 'labels' | 'threshold'>,
): Pick<Identified, 'top' | 'answer' | 'scores'> {
  const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, TOP);
  const top = order.flatMap((i) => {
    const label = labels[i];
    return label ? [{ class: label.id, name: label.name, score: scores[i] ?? 0 }] : [];
  });
  const best = top[0];
  return {
    top,
    answer: best && isAnswer(best.score, threshold) ? best.class : null,
    scores: [...scores],
  };
}
