import type { Database } from './db.ts';
import type { BinnedPhoto, LibrarySchema } from './upgrades.ts';

/** What lies in the bin, last removed first. */
export async function readBin(db: Database<LibrarySchema>): Promise<readonly BinnedPhoto[]> {
  const all = await db.read(['bin'], (tx) => tx.objectStore('bin').getAll());
  return all.toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

/** Bytes of the images that lie in the bin. Read one after another, since they are large together. */
export async function binBytes(db: Database<LibrarySchema>): Promise<number> {
  const ids = await db.read(['bin'], (tx) => tx.objectStore('bin').getAllKeys());
  let sum = 0;
  for (const id of ids) {
    const found = await db.read(['images', 'thumbs', 'originals'], (tx) =>
      Promise.all([
        tx.objectStore('images').get(id),
        tx.objectStore('thumbs').get(id),
        tx.objectStore('originals').get(id),
      ]),
    );
    for (const bytes of found) sum += bytes?.byteLength ?? 0;
  }
  return sum;
}

/** Deletes what lies in the bin for good: records, images, originals. It cannot be undone. */
export function emptyBin(db: Database<LibrarySchema>): Promise<void> {
  const stores = ['bin', 'images', 'thumbs', 'originals', 'pastImages', 'guesses', 'embeddings'] as const;
  return db.write([...stores], async (tx) => {
    for (const id of await tx.objectStore('bin').getAllKeys()) {
      await Promise.all([
        tx.objectStore('images').delete(id),
        tx.objectStore('thumbs').delete(id),
        tx.objectStore('originals').delete(id),
        tx.objectStore('pastImages').delete(IDBKeyRange.bound(`${id} `, `${id} \uffff`)),
        tx.objectStore('embeddings').delete(id),
        tx.objectStore('guesses').delete(IDBKeyRange.bound([id], [id, []])),
        tx.objectStore('bin').delete(id),
      ]);
    }
  });
}
