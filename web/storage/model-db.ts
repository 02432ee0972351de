/** The published models on this device, apart from the library: guests have no library. */
import type { DBSchema, Definition } from './db.ts';

/** A file of a version as it was downloaded. */
export interface StoredFile {
  readonly path: string;
  readonly bytes: ArrayBuffer;
}

/** A version as it was downloaded, whole. The card's hash vouches for the card, the card for the files. */
export interface StoredVersion {
  readonly version: number;
  readonly cardSha256: string;
  readonly card: ArrayBuffer;
  readonly files: readonly StoredFile[];
}

/** Which version is in use. */
export interface ModelPointer {
  readonly active: number;
  /** Used when the active one is damaged. */
  readonly previous: number | null;
}

export interface ModelSchema extends DBSchema {
  versions: { key: number; value: StoredVersion };
  state: { key: 'pointer' | 'sequence'; value: ModelPointer | number };
}

export const modelDatabase: Definition<ModelSchema> = {
  name: 'menagerie-models',
  version: 1,
  upgrade: (db, from) => {
    if (from < 1) {
      db.createObjectStore('versions', { keyPath: 'version' });
      db.createObjectStore('state');
    }
  },
};
