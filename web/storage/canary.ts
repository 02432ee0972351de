/**
 * A disk filled by other programs makes Chromium drop the whole origin when a small write no longer fits, even with
 * storage granted as persistent. A large Blob that does not fit fails cleanly instead, so one is written and deleted
 * again before the next few megabytes: it dies first, and nothing acknowledged is lost.
 */
import type { Database } from './db.ts';
import type { LibrarySchema } from './upgrades.ts';

const CANARY_BYTES = 8 << 20;
const ACTS_BETWEEN = 20;

export interface Canary {
  /** Call before a write of about `bytes`. @throws StorageError `full` when the disk has no room for it */
  readonly check: (bytes: number) => Promise<void>;
}

export function createCanary(db: Database<LibrarySchema>): Canary {
  let bytesLeft = 0;
  let actsLeft = 0;
  /** Made once: to make eight megabytes before every twentieth label holds the page up. */
  let block: Blob | null = null;
  return {
    check: async (bytes) => {
      if (bytes <= bytesLeft && actsLeft > 0) {
        bytesLeft -= bytes;
        actsLeft -= 1;
        return;
      }
      const written = (block ??= new Blob([new Uint8Array(CANARY_BYTES)]));
      await db.write(['canary'], (tx) => tx.objectStore('canary').put(written, 1));
      await db.write(['canary'], (tx) => tx.objectStore('canary').delete(1));
      bytesLeft = CANARY_BYTES - bytes;
      actsLeft = ACTS_BETWEEN - 1;
    },
  };
}
