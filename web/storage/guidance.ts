import { guidanceRecord, type Guidance } from '#shared/schema/guidance.ts';
import type { Database } from './db.ts';
import type { LibrarySchema } from './upgrades.ts';

/** Where it lies among the settings: changed by acts, so that it can be undone. */
export const GUIDANCE_KEY = 'guidance';

/** The zoo's own guidance; null until somebody wrote one, or where the record is damaged. */
export async function readGuidance(db: Database<LibrarySchema>): Promise<Guidance | null> {
  const value: unknown = await db.read(['settings'], (tx) => tx.objectStore('settings').get(GUIDANCE_KEY));
  if (value === undefined) return null;
  try {
    return guidanceRecord.read(value, 'guidance');
  } catch {
    return null;
  }
}
