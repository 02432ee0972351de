import type { Writing } from './db.ts';
import type { LibrarySchema } from './upgrades.ts';

/** What models made of a photo whose image is replaced, they made of another image. */
export async function forgetSeen(tx: Pick<Writing<LibrarySchema>, 'objectStore'>, id: string): Promise<void> {
  await tx.objectStore('embeddings').delete(id);
  await tx.objectStore('guesses').delete(IDBKeyRange.bound([id], [id, []]));
}
