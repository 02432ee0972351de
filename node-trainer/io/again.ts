import { FileStoreError } from './store-key.ts';

/** A connection may be cut in the middle of an answer; what has begun is then begun anew. */
const TRIES = 3;

/** Does something again that was cut short, up to three times in all. */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0 || !(error instanceof FileStoreError && error.fault === 'cut')) throw error;
    }
  }
}
