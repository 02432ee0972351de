import type { Page } from '@playwright/test';

/** A library's database as JSON: its stores, and what lies in them; bytes as `{ "$bytes": base64 }`. */
export interface Dump {
  readonly version: number;
  readonly stores: readonly {
    readonly name: string;
    readonly keyPath: string | readonly string[] | null;
    readonly autoIncrement: boolean;
    readonly indexes: readonly {
      readonly name: string;
      readonly keyPath: string;
      readonly multiEntry: boolean;
    }[];
    readonly entries: readonly (readonly [key: unknown, value: unknown])[];
  }[];
}

/** What lies in the library of this page. To keep a version for later, write it to `e2e/fixtures/library-v<n>.json`. */
export function dump(page: Page): Promise<Dump> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((done, fail) => {
        request.onsuccess = () => {
          done(request.result);
        };
        request.onerror = () => {
          fail(request.error ?? new Error('not read'));
        };
      });
    const plain = (value: unknown): unknown =>
      value instanceof ArrayBuffer
        ? { $bytes: btoa(String.fromCharCode(...new Uint8Array(value))) }
        : value !== null && typeof value === 'object' && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
          : value;
    const db = await settled(indexedDB.open('menagerie-library'));
    const tx = db.transaction([...db.objectStoreNames]);
    const stores = await Promise.all(
      [...db.objectStoreNames].map(async (name) => {
        const store = tx.objectStore(name);
        const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
        const indexes = [...store.indexNames].map((index) => {
          const { keyPath, multiEntry } = store.index(index);
          return { name: index, keyPath: String(keyPath), multiEntry };
        });
        return {
          name,
          keyPath: store.keyPath,
          autoIncrement: store.autoIncrement,
          indexes,
          // What checks the disk's honesty (see canary.ts) is of this browser alone.
          entries: name === 'canary' ? [] : keys.map((key, i) => [key, plain(values[i])] as const),
        };
      }),
    );
    const { version } = db;
    db.close();
    return { version, stores };
  });
}

/** Puts a past library where the app will look for it. The page must not have opened one yet. */
export function put(page: Page, past: Dump): Promise<void> {
  return page.evaluate(
    (old) =>
      new Promise<void>((done, fail) => {
        const bytes = (value: unknown): unknown => {
          if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
          if ('$bytes' in value)
            return Uint8Array.from(atob(String(value.$bytes)), (char) => char.charCodeAt(0)).buffer;
          return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bytes(inner)]));
        };
        const request = indexedDB.open('menagerie-library', old.version);
        request.onerror = () => {
          fail(request.error ?? new Error('not opened'));
        };
        request.onupgradeneeded = () => {
          for (const { name, keyPath, autoIncrement, indexes, entries } of old.stores) {
            const path = keyPath as string | string[] | null;
            const store = request.result.createObjectStore(name, { keyPath: path, autoIncrement });
            for (const index of indexes)
              store.createIndex(index.name, index.keyPath, { multiEntry: index.multiEntry });
            for (const [key, value] of entries)
              store.put(bytes(value), keyPath === null ? (key as IDBValidKey) : undefined);
          }
        };
        request.onsuccess = () => {
          request.result.close();
          done();
        };
      }),
    past,
  );
}
