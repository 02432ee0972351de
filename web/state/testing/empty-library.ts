import type { Database } from '../../storage/db.ts';
import type { LibrarySchema } from '../../storage/upgrades.ts';

const STORES = [
  'photos',
  'images',
  'thumbs',
  'originals',
  'pastImages',
  'subClasses',
  'unknownLabels',
  'mergeRules',
  'benchmarks',
  'settings',
  'journal',
  'bin',
  'decisions',
  'guesses',
  'embeddings',
  'checks',
  'bulkJobs',
  'bulkSources',
  'bulkItems',
  'quizzes',
] as const;

/** All tests of one browser share a library: this one takes out what those before it left. */
export function emptyLibrary(db: Database<LibrarySchema>): Promise<void> {
  return db.write([...STORES], async (tx) => {
    for (const store of STORES) await tx.objectStore(store).clear();
  });
}
