/** The stores of the library and how they come to be; the records inside migrate by their own schemas. */
import type { Benchmark } from '#shared/schema/benchmark.ts';
import type { MergeRule, SubClass, UnknownLabel } from '#shared/schema/label.ts';
import type { Photo } from '#shared/schema/photo.ts';
import type { StoredBulkItem, StoredBulkJob, StoredBulkSource } from './bulk-records.ts';
import type { Check } from './checks.ts';
import type { DBSchema, Definition, Upgrading } from './db.ts';
import { journalRecord, type JournalEntry } from './journal.ts';
import type { Quiz } from './quizzes.ts';

/** A photo that was removed: its bytes stay in `images` and `thumbs` until it is taken back or the bin is emptied. */
export interface BinnedPhoto {
  readonly id: string;
  readonly photo: Photo;
  readonly at: string;
  readonly by: string;
}

/** What a model makes of a photo: beside the label, never in its place. */
export interface StoredGuess {
  readonly photo: string;
  /** Which model: `version 7`, `learning`. */
  readonly model: string;
  readonly at: string;
  /** Best first. */
  readonly top: readonly { readonly label: string; readonly score: number }[];
  /** There is no embedding beside it: this model left none, or another one's took its place. */
  readonly bare?: true;
}

/** A photo's place among all others as one network sees them. */
export interface StoredEmbedding {
  readonly photo: string;
  /** SHA-256 of the network's weights: embeddings of different networks are never compared. */
  readonly network: string;
  readonly values: Float32Array;
}

/** What somebody decided about photos that look alike; keyed by content, so that it holds after re-import too. */
export interface StoredDecision {
  readonly id: string;
  /** `dropped`: the first of the photos was kept in place of the others. */
  readonly kind: 'different' | 'keep-all' | 'dropped';
  readonly photos: readonly string[];
  readonly by: string;
  readonly at: string;
}

/** Bytes stay apart from metadata: a list of photos must not drag their images along. */
export interface LibrarySchema extends DBSchema {
  photos: { key: string; value: Photo; indexes: { label: string } };
  /** Canonical PNG bytes by photo id. ArrayBuffers, not Blobs: WebKit loses Blobs on a power cut. */
  images: { key: string; value: ArrayBuffer };
  /** Small JPEG bytes by photo id. */
  thumbs: { key: string; value: ArrayBuffer };
  /** Files as they came, by photo id, where the keeper has them kept. */
  originals: { key: string; value: ArrayBuffer };
  /** Image and thumbnail of an edit that was replaced, by `<photo> <pixels>`: undoing brings them back. */
  pastImages: { key: string; value: { readonly image: ArrayBuffer; readonly thumb: ArrayBuffer } };
  subClasses: { key: string; value: SubClass };
  unknownLabels: { key: string; value: UnknownLabel };
  mergeRules: { key: string; value: MergeRule };
  benchmarks: { key: string; value: Benchmark };
  settings: { key: string; value: unknown };
  /** Acts in the order in which they were done: the key counts up, clocks can go back. */
  journal: { key: number; value: JournalEntry; indexes: { photo: string } };
  bin: { key: string; value: BinnedPhoto };
  decisions: { key: string; value: StoredDecision };
  guesses: { key: [string, string]; value: StoredGuess };
  embeddings: { key: string; value: StoredEmbedding };
  /** What people decided about verdicts of models. */
  checks: { key: string; value: Check };
  bulkJobs: { key: string; value: StoredBulkJob };
  /** What a job goes through, by the job's id: written once, so that progress costs little. */
  bulkSources: { key: string; value: StoredBulkSource };
  /** Results for files that are not in the library. */
  bulkItems: { key: string; value: StoredBulkItem };
  quizzes: { key: string; value: Quiz };
  /** See `canary.ts`. */
  canary: { key: number; value: Blob };
}

export const libraryDatabase: Definition<LibrarySchema> = {
  name: 'menagerie-library',
  version: 3,
  upgrade: async (db, from, tx) => {
    if (from < 1) {
      db.createObjectStore('photos', { keyPath: 'id' }).createIndex('label', 'label.id');
      for (const store of ['subClasses', 'unknownLabels', 'mergeRules', 'benchmarks', 'bin'] as const) {
        db.createObjectStore(store, { keyPath: 'id' });
      }
      for (const store of ['images', 'thumbs', 'settings', 'canary'] as const) db.createObjectStore(store);
      db.createObjectStore('journal', { autoIncrement: true });
    }
    if (from < 2) {
      for (const store of ['originals', 'pastImages'] as const) db.createObjectStore(store);
      db.createObjectStore('decisions', { keyPath: 'id' });
      db.createObjectStore('guesses', { keyPath: ['photo', 'model'] });
      db.createObjectStore('embeddings', { keyPath: 'photo' });
      tx.objectStore('journal').createIndex('photo', 'photos', { multiEntry: true });
      await bringJournalUp(tx);
    }
    if (from < 3) {
      for (const store of ['checks', 'bulkJobs', 'bulkItems', 'quizzes'] as const)
        db.createObjectStore(store, { keyPath: 'id' });
      db.createObjectStore('bulkSources');
    }
  },
};

/** The index needs what only entries of version 2 say. One that is damaged is dropped: nothing can be done with it. */
async function bringJournalUp(tx: Upgrading<LibrarySchema>): Promise<void> {
  let cursor = await tx.objectStore('journal').openCursor();
  while (cursor) {
    try {
      await cursor.update(journalRecord.read(cursor.value, `journal entry ${String(cursor.key)}`));
    } catch {
      await cursor.delete();
    }
    cursor = await cursor.continue();
  }
}
