/** The stores of the library and how they come to be; the records inside migrate by their own schemas. */
import type { Benchmark } from '#shared/schema/benchmark.ts';
import type { MergeRule, SubClass, UnknownLabel } from '#shared/schema/label.ts';
import type { Photo } from '#shared/schema/photo.ts';
import type { DBSchema, Definition } from './db.ts';
import type { JournalEntry } from './journal.ts';

/** A photo that was removed: its bytes stay in `images` and `thumbs` until it is taken back. */
interface BinnedPhoto {
  readonly id: string;
  readonly photo: Photo;
  readonly at: string;
  readonly by: string;
}

/** Bytes stay apart from metadata: a list of photos must not drag their images along. */
export interface LibrarySchema extends DBSchema {
  photos: { key: string; value: Photo; indexes: { label: string } };
  /** Canonical PNG bytes by photo id. ArrayBuffers, not Blobs: WebKit loses Blobs on a power cut. */
  images: { key: string; value: ArrayBuffer };
  /** Small JPEG bytes by photo id. */
  thumbs: { key: string; value: ArrayBuffer };
  subClasses: { key: string; value: SubClass };
  unknownLabels: { key: string; value: UnknownLabel };
  mergeRules: { key: string; value: MergeRule };
  benchmarks: { key: string; value: Benchmark };
  settings: { key: string; value: unknown };
  /** Acts that can be undone, in the order in which they were done: the key counts up, clocks can go back. */
  journal: { key: number; value: JournalEntry };
  bin: { key: string; value: BinnedPhoto };
  /** See `canary.ts`. */
  canary: { key: number; value: Blob };
}

export const libraryDatabase: Definition<LibrarySchema> = {
  name: 'menagerie-library',
  version: 1,
  upgrade: (db, from) => {
    if (from < 1) {
      db.createObjectStore('photos', { keyPath: 'id' }).createIndex('label', 'label.id');
      for (const store of ['subClasses', 'unknownLabels', 'mergeRules', 'benchmarks', 'bin'] as const) {
        db.createObjectStore(store, { keyPath: 'id' });
      }
      for (const store of ['images', 'thumbs', 'settings', 'canary'] as const) db.createObjectStore(store);
      db.createObjectStore('journal', { autoIncrement: true });
    }
  },
};
