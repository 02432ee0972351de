/** The only door to IndexedDB: opening, versions between tabs, and strict transactions. */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';

import { StorageError, storageError } from './errors.ts';

export type { DBSchema } from 'idb';

/** What happened to an open (or opening) database through no act of this page. */
export type DatabaseNews = 'blocked' | 'outdated' | 'lost';

type Reading<S extends DBSchema> = IDBPTransaction<S, StoreNames<S>[]>;
export type Writing<S extends DBSchema> = IDBPTransaction<S, StoreNames<S>[], 'readwrite'>;
export type Upgrading<S extends DBSchema> = IDBPTransaction<S, StoreNames<S>[], 'versionchange'>;

/** A database's name, its version and how its stores come to be, from any older version (0 = none). */
export interface Definition<S extends DBSchema> {
  readonly name: string;
  readonly version: number;
  /** May take a while: what it returns is waited for inside the upgrade's own transaction. */
  readonly upgrade: (db: IDBPDatabase<S>, from: number, tx: Upgrading<S>) => void | Promise<void>;
}

/** An open database. */
export interface Database<S extends DBSchema> {
  /** Runs reads in one transaction. @throws StorageError */
  readonly read: <T>(stores: StoreNames<S>[], work: (tx: Reading<S>) => Promise<T>) => Promise<T>;
  /**
   * Runs writes in one strict transaction and resolves when it is complete: only then anything is saved. When `work`
   * throws, or the browser aborts (quota, kill), nothing of it is stored.
   * @throws StorageError
   */
  readonly write: <T>(stores: StoreNames<S>[], work: (tx: Writing<S>) => Promise<T>) => Promise<T>;
  readonly close: () => void;
}

/**
 * Opens a database. An old tab gives way to a newer version (`outdated`); a newer tab is told when an old one does
 * not (`blocked`, then goes on as soon as it is closed).
 * @throws StorageError `newer` when a newer build was here first, `refused` when the browser allows no database
 */
export async function openDatabase<S extends DBSchema>(
  definition: Definition<S>,
  tell: (news: DatabaseNews) => void,
): Promise<Database<S>> {
  try {
    const db = await openDB<S>(definition.name, definition.version, {
      upgrade: (opened, from, _to, tx) => {
        // A step that fails must leave the old version whole, also when it fails after the first await.
        void Promise.resolve(definition.upgrade(opened, from, tx)).catch(() => {
          tx.abort();
        });
      },
      blocked: () => {
        tell('blocked');
      },
      blocking: (_current, _next, event) => {
        (event.target as IDBDatabase).close();
        tell('outdated');
      },
      terminated: () => {
        tell('lost');
      },
    });
    return wrap(db);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'VersionError')
      throw new StorageError('newer', cause);
    throw new StorageError('refused', cause);
  }
}

function wrap<S extends DBSchema>(db: IDBPDatabase<S>): Database<S> {
  const read: Database<S>['read'] = async (stores, work) => {
    try {
      return await work(db.transaction(stores, 'readonly'));
    } catch (cause) {
      throw storageError(cause);
    }
  };
  const write: Database<S>['write'] = async (stores, work) => {
    const tx = begin(db, stores);
    // Observed at once: an abort while `work` runs must not count as unhandled.
    const done = tx.done.then(
      () => null,
      (cause: unknown) => tx.error ?? cause,
    );
    let result;
    try {
      result = await work(tx);
    } catch (cause) {
      abort(tx);
      const reason = await done;
      // The browser's own reason (quota) says more than the request that it took along.
      throw storageError(tx.error ? reason : cause);
    }
    const reason = await done;
    if (reason !== null) throw storageError(reason);
    return result;
  };
  return {
    read,
    write,
    close: () => {
      db.close();
    },
  };
}

function begin<S extends DBSchema>(db: IDBPDatabase<S>, stores: StoreNames<S>[]): Writing<S> {
  try {
    return db.transaction(stores, 'readwrite', { durability: 'strict' });
  } catch (cause) {
    throw storageError(cause);
  }
}

function abort(tx: { readonly abort: () => void }): void {
  try {
    tx.abort();
  } catch {
    // Already over: the browser aborted it itself.
  }
}
