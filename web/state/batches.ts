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
  /** Resolves at once, or when the batch that it filled is stored. @throws StorageError */
  readonly add: (item: NewPhoto) => Promise<void>;
  /** Stores what is left. @throws StorageError */
  readonly flush: () => Promise<void>;
}

/** @param stored told after each complete transaction: only what it hears of is saved */
export function createBatches(
  db: Database<LibrarySchema>,
  canary: Canary,
  stored: (result: Added) => void,
): Batches {
  let pending: NewPhoto[] = [];
  let bytes = 0;
  let last: Promise<void> = Promise.resolve();

  const store = async (batch: readonly NewPhoto[]): Promise<void> => {
    await canary.check(batch.reduce((sum, item) => sum + sizeOf(item), 0));
    try {
      stored(await addPhotos(db, batch, labelsOf(batch)));
    } catch (cause) {
      const full = cause instanceof StorageError && cause.fault === 'full';
      if (!full || batch.length === 1) throw cause;
      // The batch was refused whole; one by one, what still fits is kept.
      for (const item of batch) stored(await addPhotos(db, [item], labelsOf([item])));
    }
  };

  const flush = (): Promise<void> => {
    const batch = pending;
    pending = [];
    bytes = 0;
    if (batch.length > 0) last = last.then(() => store(batch));
    return last;
  };

  return {
    flush,
    add: async (item) => {
      pending.push(item);
      bytes += sizeOf(item);
      if (pending.length >= MOST_PHOTOS || bytes >= MOST_BYTES) await flush();
    },
  };
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
