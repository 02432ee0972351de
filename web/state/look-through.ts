import type { Looked, LookWish, Picture } from '../workers/look-many.ts';
import type { Crew, Seer } from './crew.ts';

/** What is looked at, a batch at a time. */
export interface LookSource<Item> {
  /** The next few; empty when nothing is left. */
  readonly next: (most: number) => readonly Item[];
  /** Pictures of these items; one that has none is left out. Every key is the item's own. */
  readonly pictures: (items: readonly Item[]) => Promise<readonly Picture[]>;
  readonly keyOf: (item: Item) => string;
  /** Stores what became of a batch, in one transaction. */
  readonly store: (answers: readonly Answer<Item>[]) => Promise<void>;
}

/** What became of an item; null: it had no picture any more. */
export interface Answer<Item> {
  readonly item: Item;
  readonly looked: Looked | null;
}

/**
 * Shows everything to a version, several batches at a time. Whatever order the answers come in, each is matched with its
 * item by its key. Each batch that is stored stays. When the signal aborts, batches under way are still stored.
 * @throws Error of the crew or the storage, or the signal's reason
 */
export async function lookThrough<Item>(
  crew: Crew,
  seer: Seer,
  wish: LookWish,
  source: LookSource<Item>,
  signal: AbortSignal,
): Promise<void> {
  let failed = false;
  const { lanes, batch } = await crew.ready(seer);
  const lane = async (): Promise<void> => {
    while (!signal.aborted && !failed) {
      const items = source.next(batch);
      if (items.length === 0) return;
      const pictures = await source.pictures(items);
      const looked = pictures.length > 0 ? await crew.look(seer, pictures, wish) : [];
      await source.store(matched(items, looked, source.keyOf));
    }
  };
  const results = await Promise.allSettled(
    Array.from({ length: lanes }, () =>
      lane().catch((cause: unknown) => {
        failed = true;
        throw cause;
      }),
    ),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  signal.throwIfAborted();
}

function matched<Item>(
  items: readonly Item[],
  looked: readonly Looked[],
  keyOf: (item: Item) => string,
): Answer<Item>[] {
  const byKey = new Map(looked.map((one) => [one.key, one]));
  return items.map((item) => ({ item, looked: byKey.get(keyOf(item)) ?? null }));
}
