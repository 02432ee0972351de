import { editedShape } from '#shared/image/edits.ts';
import type { Photo } from '#shared/schema/photo.ts';
import type { Database } from '../storage/db.ts';
import { readBytes } from '../storage/photos.ts';
import { storeQualities, type Measured } from '../storage/quality.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { JobTally } from './job.svelte.ts';
import type { LibraryWorkers } from './library-workers.ts';
import { reasonOf } from './import-tools.ts';

/** Photos a transaction: what is measured is shown soon, and a stop loses little. */
const BATCH = 64;

interface Tools extends Pick<LibraryWorkers, 'images' | 'lanes'> {
  readonly db: Database<LibrarySchema>;
  /** Told of the photos of each complete transaction. */
  readonly stored: (ids: readonly string[]) => Promise<void>;
}

/**
 * Measures photos that came without, newest first, a batch at a time. Each batch that is stored stays.
 * @throws StorageError, or the signal's reason
 */
export async function measurePhotos(
  tools: Tools,
  photos: readonly Photo[],
  tally: JobTally,
  signal: AbortSignal,
): Promise<void> {
  const wanted = photos.filter((photo) => photo.quality === null);
  tally.total = wanted.length;
  tally.changed();
  for (let at = 0; at < wanted.length; at += BATCH) {
    signal.throwIfAborted();
    const measured: Measured[] = [];
    const measure = async (photo: Photo): Promise<void> => {
      const result = await measureOne(tools, photo, tally, signal);
      if (result) measured.push(result);
    };
    await inLanes(wanted.slice(at, at + BATCH), tools.lanes, measure);
    await tools.stored(await storeQualities(tools.db, measured));
  }
}

/** So few images at a time are in memory. */
async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}

/** An image that cannot be read is a problem of that photo alone. */
async function measureOne(
  { db, images }: Tools,
  photo: Photo,
  tally: JobTally,
  signal: AbortSignal,
): Promise<Measured | null> {
  try {
    const image = await readBytes(db, 'images', photo.id);
    if (!image) return null;
    const quality = await images.run(signal, (api) => api.measure(image, editedShape(photo)));
    return { photo: photo.id, pixels: photo.pixels, quality };
  } catch (cause) {
    signal.throwIfAborted();
    tally.problems.push({ file: photo.fileName, reason: reasonOf(cause) });
    return null;
  } finally {
    tally.done += 1;
    tally.changed();
  }
}
