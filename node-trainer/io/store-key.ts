/** A store of files can't be used, or a file in it. The message names the place and says what to do next. */
export class FileStoreError extends Error {
  /** Told apart for exit codes: what can't be reached now may be reached later, anything else not. */
  override readonly name: 'FileStoreError' | 'StoreUnreachable';
  readonly fault: 'place' | 'key' | 'missing' | 'too-large' | 'denied' | 'unreachable' | 'cut';
  constructor(fault: FileStoreError['fault'], message: string) {
    super(message);
    this.name = fault === 'unreachable' || fault === 'cut' ? 'StoreUnreachable' : 'FileStoreError';
    this.fault = fault;
  }
}

/** The most that S3 takes in a key, in bytes of UTF-8. */
const LONGEST = 1024;
// eslint-disable-next-line no-control-regex -- exactly these are refused
const UNPRINTABLE = /[\u0000-\u001f\u007f]/;

/**
 * Checks the name of a file in a store, whoever gave it: a relative path with `/` that stays inside.
 * @throws FileStoreError
 */
export function checkKey(key: string): string {
  const fault = keyFault(key);
  if (fault === null) return key;
  throw new FileStoreError(
    'key',
    `${JSON.stringify(key.slice(0, 200))} is no name of a stored file: ${fault}.`,
  );
}

function keyFault(key: string): string | null {
  if (key === '') return 'it is empty';
  if (new TextEncoder().encode(key).length > LONGEST) return 'it is too long';
  if (UNPRINTABLE.test(key)) return 'it holds control characters';
  if (key.includes('\\') || /^[a-z]:/i.test(key)) return 'it is a path of another system';
  const leaves = key.split('/').some((part) => part === '' || part === '.' || part === '..');
  return leaves ? 'it leaves its place' : null;
}
