/** A file that was left out, and why; everything else goes on. */
export interface Problem {
  /** Path of the culprit inside the source. */
  readonly file: string;
  /** Short name of the cause, for machines. */
  readonly code: string;
  /** What happened, for people. */
  readonly message: string;
}

/** A source as a whole can't be used. The message says what happened, what was kept and what to do next. */
export class LibraryError extends Error {
  override readonly name = 'LibraryError';
}

/** Errors that speak of one file of many. */
const OF_ONE_FILE = new Set(['PhotoError', 'ImageRefused', 'ArchiveRefused', 'RecordError', 'JsonError']);
const UNREADABLE = new Set(['EACCES', 'ENOENT']);

/** Describes a failure with one file; failures of the machine (disk full, out of memory) are thrown on. */
export function problemOf(file: string, error: unknown): Problem {
  if (error instanceof Error) {
    const { name, message, fault, code = '' } = error as Failure;
    if (OF_ONE_FILE.has(name))
      return { file, code: typeof fault === 'string' ? fault : code || name, message };
    if (UNREADABLE.has(code)) return { file, code, message: `The file can't be read (${code}).` };
  }
  throw error;
}

type Failure = Error & { readonly fault?: unknown; readonly code?: string };
