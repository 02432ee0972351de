import type { Change } from '../storage/changes.ts';

/**
 * Reads what changed, one reading after the other: one that began earlier must never put old records in the place of
 * newer ones. What is asked for while one is under way is read together by the next.
 * @param start nothing is read before it is over, however it ends
 * @returns asks for a reading; settles with one that began after it was asked for
 */
export function createRefresh(
  read: (change: Change) => Promise<void>,
  start: Promise<unknown>,
): (change: Change) => Promise<void> {
  let last = start;
  let next: { photos: Set<string>; parts: boolean; done: Promise<void> } | null = null;
  return ({ photos, parts }) => {
    if (next) {
      for (const id of photos) next.photos.add(id);
      next.parts ||= parts;
      return next.done;
    }
    const mine = { photos: new Set(photos), parts };
    const done = settled(last).then(() => {
      next = null;
      return read({ photos: [...mine.photos], parts: mine.parts });
    });
    next = Object.assign(mine, { done });
    last = done;
    return done;
  };
}

async function settled(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined);
}
