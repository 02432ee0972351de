import type { Photo } from '#shared/schema/photo.ts';
import type { Database } from '../storage/db.ts';
import { readAllBytes } from '../storage/photos.ts';
import { readSeenIds, storeSeen, type SeenPhoto } from '../storage/seen.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { Eyes } from './contract.ts';
import type { JobTally } from './job.svelte.ts';
import { reasonOf } from './import-tools.ts';
import { inSeeingOrder } from './seeing-order.ts';

/** Photos that go through the network together: whoever asks about one photo meanwhile waits for no more than these. */
const AT_ONCE = 4;
/** Photos a transaction: what was seen is of use soon, and a stop loses little. */
const BATCH = 32;

interface Tools {
  readonly db: Database<LibrarySchema>;
  readonly eyes: Eyes;
  /** Told of the photos of each complete transaction. */
  readonly stored: (ids: readonly string[]) => void;
}

/**
 * Shows the published model all photos that this version has not seen as they are now, a batch at a time: its guesses
 * and its features are stored. Each batch that is stored stays, so that a later run goes on where this one stopped.
 * @throws StorageError, or the signal's reason
 */
export async function seePhotos(
  tools: Tools,
  photos: readonly Photo[],
  tally: JobTally,
  signal: AbortSignal,
): Promise<void> {
  const seen = await readSeenIds(tools.db, tools.eyes.version);
  const wanted = inSeeingOrder(photos.filter((photo) => !seen.has(photo.id)));
  tally.total = wanted.length;
  tally.changed();
  for (let at = 0; at < wanted.length; at += BATCH) {
    const found = await seeBatch(tools, wanted.slice(at, at + BATCH), tally, signal);
    const { version, network } = tools.eyes;
    const now = new Date().toISOString();
    tools.stored(await storeSeen(tools.db, found, { version, network, at: now }));
  }
}

async function seeBatch(
  tools: Tools,
  batch: readonly Photo[],
  tally: JobTally,
  signal: AbortSignal,
): Promise<SeenPhoto[]> {
  const found: SeenPhoto[] = [];
  for (let at = 0; at < batch.length; at += AT_ONCE) {
    signal.throwIfAborted();
    const group = batch.slice(at, at + AT_ONCE);
    found.push(...(await seeGroup(tools, group, tally)));
    tally.done += group.length;
    tally.changed();
  }
  return found;
}

async function seeGroup({ db, eyes }: Tools, group: readonly Photo[], tally: JobTally): Promise<SeenPhoto[]> {
  const images = await readAllBytes(
    db,
    'images',
    group.map((photo) => photo.id),
  );
  const there = group.flatMap((photo, i): ThereIs[] => (images[i] ? [{ photo, image: images[i] }] : []));
  try {
    return await seeTogether(eyes, there);
  } catch {
    // One that cannot be read is a problem of that photo alone.
    const seen = await Promise.all(there.map((one) => seeAlone(eyes, one, tally)));
    return seen.flat();
  }
}

interface ThereIs {
  readonly photo: Photo;
  readonly image: ArrayBuffer;
}

async function seeTogether(eyes: Eyes, there: readonly ThereIs[]): Promise<SeenPhoto[]> {
  if (there.length === 0) return [];
  const sights = await eyes.look(there.map(({ image }) => image));
  return there.flatMap(({ photo: { id, pixels } }, i) => {
    const sight = sights[i];
    return sight ? [{ photo: id, pixels, ...sight }] : [];
  });
}

async function seeAlone(eyes: Eyes, one: ThereIs, tally: JobTally): Promise<SeenPhoto[]> {
  try {
    return await seeTogether(eyes, [one]);
  } catch (cause) {
    tally.problems.push({ file: one.photo.fileName, reason: reasonOf(cause) });
    return [];
  }
}
