/** What storage can meet, each with its own way out for the person. */
export type StorageFault =
  /** No room left: the batch that met it was not stored, everything before it was. */
  | 'full'
  /** The database belongs to a newer build of the app than this one. */
  | 'newer'
  /** The connection is gone: closed for a newer tab, evicted, or its process died. A reload helps. */
  | 'gone'
  /** The browser refuses a database at all (private mode of some browsers, damaged profile). */
  | 'refused'
  | 'failed';

const MESSAGES: Readonly<Record<StorageFault, string>> = {
  full: 'There is no room left on this device. Everything saved before is kept. Export the library or free some space, then try again.',
  newer:
    'The library on this device was made by a newer Menagerie. Reload to get the new version; nothing was changed.',
  gone: 'The browser closed the library under this page. What was saved is kept. Reload the page to go on.',
  refused:
    'This browser does not let Menagerie store anything here (a private window, perhaps). Nothing can be kept; open Menagerie in an ordinary window.',
  failed: 'The library could not be read or written. What was saved before is kept. Reload, then try again.',
};

/** Storage did not do what was asked; the message is for people and says what was kept and what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly fault: StorageFault;
  constructor(fault: StorageFault, cause?: unknown) {
    super(MESSAGES[fault], { cause });
    this.fault = fault;
  }
}

const FAULTS: Readonly<Record<string, StorageFault>> = {
  QuotaExceededError: 'full',
  // A Blob that does not fit on a disk filled by others.
  DataError: 'full',
  VersionError: 'newer',
  InvalidStateError: 'gone',
};

/** A browser's error as ours; errors that already have a type of their own pass through. */
export function storageError(cause: unknown): Error {
  if (cause instanceof StorageError) return cause;
  if (!(cause instanceof DOMException)) return cause instanceof Error ? cause : new Error(String(cause));
  return new StorageError(FAULTS[cause.name] ?? 'failed', cause);
}
