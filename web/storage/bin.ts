import type { Database } from './db.ts';
import type { BinnedPhoto, LibrarySchema } from './upgrades.ts';

/** What lies in the bin, last removed first. */
export async function readBin(db: Database<LibrarySchema>): Promise<readonly BinnedPhoto[]> {
  const all = await db.read(['bin'], (tx) => tx.objectStore('bin').getAll());
  return all.toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

/** Deletes what lies in the bin for good: records, images, originals. It cannot be undone. */
export function emptyBin(db: Database<LibrarySchema>): Promise<void> {
  return db.write(['bin', 'images', 'thumbs', 'originals', 'guesses', 'embeddings'], async (tx) => {
    for (const id of await tx.objectStore('bin').getAllKeys()) {
      await Promise.all([
        tx.objectStore('images').delete(id),
        tx.objectStore('thumbs').delete(id),
        tx.objectStore('originals').delete(id),
        tx.objectStore('embeddings').delete(id),
        tx.objectStore('guesses').delete(IDBKeyRange.bound([id], [id, []])),
        tx.objectStore('bin').delete(id),
      ]);
    }
  });
}
