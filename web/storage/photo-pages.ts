/** All records of the photos' store, page after page, several pages on their way at once. */
import type { Photo } from '#shared/schema/photo.ts';
import type { Database } from './db.ts';
import type { LibrarySchema } from './upgrades.ts';

/** Each page is a transaction of its own, so that a decision never waits for the whole list. */
const PAGE = 2000;
/** While one page is taken over, the browser fetches the next ones. */
const READERS = 4;

/** Keys between two others; null for no end. */
interface Stretch {
  readonly from: string | null;
  /** The first key itself was read already. */
  readonly open: boolean;
  readonly to: string | null;
}

/**
 * Hands every record to `take`, in no particular order; damaged ones, and those of older versions, among them.
 * @param size records of a page
 */
export async function readPages(
  db: Database<LibrarySchema>,
  take: (page: readonly Photo[]) => void,
  size = PAGE,
): Promise<void> {
  const left = stretches();
  const read = async (): Promise<void> => {
    for (let next = left.pop(); next; next = left.pop()) {
      const range = rangeOf(next);
      const page = await db.read(['photos'], (tx) => tx.objectStore('photos').getAll(range, size));
      take(page);
      const last = page.length === size ? page.at(-1) : undefined;
      if (last) left.push({ from: last.id, open: true, to: next.to });
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
}

/** Ids are hashes: a first digit stands for a sixteenth of them. Outside lies what is damaged. */
function stretches(): Stretch[] {
  const digits = Array.from('123456789abcdef');
  return [null, ...digits].map((from, at) => ({ from, open: false, to: digits[at] ?? null }));
}

function rangeOf({ from, open, to }: Stretch): IDBKeyRange | null {
  if (from === null) return to === null ? null : IDBKeyRange.upperBound(to, true);
  return to === null ? IDBKeyRange.lowerBound(from, open) : IDBKeyRange.bound(from, to, open, true);
}
