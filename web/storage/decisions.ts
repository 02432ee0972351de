/** Decisions on look-alikes on their way out and in; they are known by content, so they hold in any library. */
import { decisionKey, decisionRecord, type Decision } from '#shared/schema/decision.ts';
import type { Database } from './db.ts';
import type { LibrarySchema } from './upgrades.ts';

/** In the order of their keys; one that is damaged is left out. */
export async function exportedDecisions(db: Database<LibrarySchema>): Promise<Decision[]> {
  const stored = await db.read(['decisions'], (tx) => tx.objectStore('decisions').getAll());
  return stored.flatMap(({ id: _id, ...decision }) => {
    try {
      return [decisionRecord.read({ v: 1, ...decision }, 'decision')];
    } catch {
      return [];
    }
  });
}

/** Adds decisions that are not known here; what was decided here stays as it is. */
export async function mergeDecisions(
  db: Database<LibrarySchema>,
  decisions: readonly Decision[],
): Promise<void> {
  await db.write(['decisions'], async (tx) => {
    const store = tx.objectStore('decisions');
    for (const { v: _v, ...decision } of decisions) {
      const id = decisionKey(decision);
      if ((await store.getKey(id)) === undefined) await store.put({ id, ...decision });
    }
  });
}
