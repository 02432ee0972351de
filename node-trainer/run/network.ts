import type { Pixels } from '#shared/image/pixels.ts';
import { batchOfEngine, scoreImages } from '#shared/model/infer.ts';
import type { Network } from '#shared/model/network.ts';

import { mapOrdered } from '../library/ordered-map.ts';

/** A picture with its scores, one a class. */
export interface Scored<T> {
  readonly item: T;
  readonly scores: Float32Array;
}

/**
 * Scores many pictures in order, in batches. Decoding the next ones overlaps with scoring; memory holds a few batches.
 * An item whose picture can't be loaded (null) is passed over.
 */
export async function* scoreAll<T>(
  network: Network,
  items: Iterable<T>,
  load: (item: T) => Promise<Pixels | null>,
): AsyncGenerator<Scored<T>> {
  const size = batchOfEngine();
  let batch: { item: T; image: Pixels }[] = [];
  const flush = async (): Promise<Scored<T>[]> => {
    const all = await scoreImages(
      network,
      batch.map((b) => b.image),
    );
    const scored = batch.map(({ item }, i) => ({
      item,
      scores: all.slice(i * network.classes, (i + 1) * network.classes),
    }));
    batch = [];
    return scored;
  };
  const loaded = mapOrdered(items, async (item) => ({ item, image: await load(item) }), size);
  for await (const { item, image } of loaded) {
    if (image) batch.push({ item, image });
    if (batch.length === size) yield* await flush();
  }
  if (batch.length > 0) yield* await flush();
}
