import { labelKey } from '#shared/schema/names.ts';
import type { SubClass, UnknownLabel } from '#shared/schema/label.ts';
import type { Canary } from '../storage/canary.ts';
import type { Database } from '../storage/db.ts';
import { StorageError } from '../storage/errors.ts';
import { addPhotos, type Added, type NewPhoto, type UsedLabels } from '../storage/photos.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';

const MOST_PHOTOS = 32;
const MOST_BYTES = 8 << 20;

/** Collects prepared photos and stores them a batch at a time. */
export interface Batches {
  /**
   * Resolves at once, or when the batch before the one that it filled is stored: one is prepared while another is
   * stored, and never more.
   * @throws StorageError, perhaps that of an earlier batch
   */
  readonly add: (item: NewPhoto) => Promise<void>;
  /** Stores what is left. @throws StorageError */
  readonly flush: () => Promise<void>;
}

/** What becomes of the photos, told after each complete transaction. */
export interface BatchNews {
  /** Only what it hears of is saved. */
  readonly stored: (result: Added) => void;
  /** A photo that found no room. */
  readonly refused: (item: NewPhoto, cause: StorageError) => void;
}

export function createBatches(db: Database<LibrarySchema>, canary: Canary, news: BatchNews): Batches {
  let pending: NewPhoto[] = [];
  let bytes = 0;
  let last: Promise<void> = Promise.resolve();
  /** Once there is no room left, nothing more is tried. */
  let full: StorageError | null = null;

  const attempt = async (batch: readonly NewPhoto[]): Promise<void> => {
    if (!full) {
      try {
        news.stored(await addPhotos(db, batch, labelsOf(batch)));
        return;
      } catch (cause) {
        if (!isFull(cause)) throw cause;
        if (batch.length === 1) full = cause;
      }
    }
    if (full) for (const item of batch) news.refused(item, full);
    // The batch was refused whole; one by one, what still fits is kept.
    else for (const item of batch) await attempt([item]);
  };

  const store = async (batch: readonly NewPhoto[]): Promise<void> => {
    try {
      if (!full) await canary.check(batch.reduce((sum, item) => sum + sizeOf(item), 0));
    } catch (cause) {
      if (!isFull(cause)) throw cause;
      full = cause;
    }
    await attempt(batch);
    if (full) throw full;
  };

  const flush = (): Promise<void> => {
    const batch = pending;
    pending = [];
    bytes = 0;
    if (batch.length > 0) last = last.catch(whenFull).then(() => store(batch));
    return last;
  };

  return {
    flush,
    add: async (item) => {
      pending.push(item);
      bytes += sizeOf(item);
      if (pending.length < MOST_PHOTOS && bytes < MOST_BYTES) return;
      const before = last;
      // Its failure is heard of by the next batch, and by the last flush.
      flush().catch(() => undefined);
      await before;
    },
  };
}

export function isFull(cause: unknown): cause is StorageError {
  return cause instanceof StorageError && cause.fault === 'full';
}

/** Photos that come after the last that fitted are still to be named. */
function whenFull(cause: unknown): void {
  if (!isFull(cause)) throw cause;
}

function sizeOf(item: NewPhoto): number {
  return item.image.byteLength + item.thumb.byteLength + (item.original?.byteLength ?? 0);
}

/** A record for every label that the batch wears, named as it is spelt; those that exist already stay untouched. */
function labelsOf(batch: readonly NewPhoto[]): UsedLabels {
  const subClasses = new Map<string, SubClass>();
  const unknownLabels = new Map<string, UnknownLabel>();
  for (const { photo, labelName } of batch) {
    const { label } = photo;
    if (!label) continue;
    const name = labelName !== undefined && labelKey(labelName) === label.id ? labelName : label.id;
    const common = { id: label.id, name, createdAt: label.at, createdBy: label.by };
    if (label.kind === 'unknown') unknownLabels.set(label.id, { v: 1, ...common });
    else subClasses.set(label.id, { v: 2, ...common, flop: true });
  }
  return { subClasses: [...subClasses.values()], unknownLabels: [...unknownLabels.values()] };
}
