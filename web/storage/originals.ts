/** Files as they came, kept beside the canonical images where the keeper wants it (P1-26). */
import type { Database } from './db.ts';
import type { LibrarySchema } from './upgrades.ts';

/** Ids of the photos whose originals are kept. */
export function readOriginalIds(db: Database<LibrarySchema>): Promise<readonly string[]> {
  return db.read(['originals'], (tx) => tx.objectStore('originals').getAllKeys());
}

/** Deletes all kept originals. Photos and their edits stay as they are; it cannot be undone. */
export async function deleteOriginals(db: Database<LibrarySchema>): Promise<void> {
  await db.write(['originals'], (tx) => tx.objectStore('originals').clear());
}
