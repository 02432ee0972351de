import { availableParallelism } from 'node:os';

/** Decoding runs in threads of its own beside this one, so one more than the cores keeps them all busy. */
export const PARALLEL = Math.min(16, availableParallelism() + 1);

/**
 * Maps items with at most `limit` at work at a time and yields the results in the order of the items; memory holds
 * `limit` results at most. The first failure ends it.
 */
export async function* mapOrdered<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
  limit: number = PARALLEL,
): AsyncGenerator<R> {
  const queue: Promise<R>[] = [];
  for (const item of items) {
    const result = work(item);
    // Without this, a failure behind the one being awaited would end the process as unhandled.
    result.catch(() => undefined);
    queue.push(result);
    const first = queue.length >= limit ? queue.shift() : undefined;
    if (first) yield await first;
  }
  for (const result of queue) yield await result;
}
