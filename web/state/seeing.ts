import type { Photo } from '#shared/schema/photo.ts';
import type { Database } from '../storage/db.ts';
import { readPictures, readSeenIds, storeSeen, type SeenPhoto } from '../storage/seen.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { Eyes, Problem } from './contract.ts';
import type { Crew } from './crew.ts';
import type { JobTally } from './job.svelte.ts';
import type { KeptVersion, KeptVersions } from './kept-versions.ts';
import { lookThrough, type Answer } from './look-through.ts';
import { inSeeingOrder } from './seeing-order.ts';
import { track } from './work.ts';

/** What looking at photos of the library works with. */
export interface SeeingTools {
  readonly db: Database<LibrarySchema>;
  readonly crew: Crew;
  /** Told of photos whose features are stored now. */
  readonly stored: (photos: readonly string[]) => void;
  /** Told after each complete transaction how many photos were looked at, and which could not be. */
  readonly done: (photos: number, problems: readonly Problem[]) => void | Promise<void>;
}

/** A version, as far as its look at photos needs it. */
export type Onlooker = Pick<
  KeptVersion,
  'version' | 'network' | 'current' | 'canonicalSize' | 'labels' | 'file' | 'weights'
>;

/** Those of the photos that a version has not looked at as they are now, in the same order. */
export async function unseenPhotos(
  db: Database<LibrarySchema>,
  { version, current }: Pick<Onlooker, 'version' | 'current'>,
  photos: readonly Photo[],
): Promise<readonly Photo[]> {
  const seen = await readSeenIds(db, version, current ? 'with-features' : 'guessed');
  return photos.filter((photo) => !seen.has(photo.id));
}

/**
 * Shows a version photos of the library: its guesses are stored and, where guests get it, its features. Each batch that
 * is stored stays, so that a later run goes on where this one stopped.
 * @throws StorageError, Error where no engine works, or the signal's reason
 */
export async function seePhotos(
  tools: SeeingTools,
  onlooker: Onlooker,
  photos: readonly Photo[],
  signal: AbortSignal,
): Promise<void> {
  const wish = { size: onlooker.canonicalSize, features: onlooker.current, file: false };
  let at = 0;
  /** Pixels of the image that is on its way through the network, by photo. */
  const shown = new Map<string, string>();
  const source = {
    next: (most: number) => photos.slice(at, (at += most)),
    keyOf: (photo: Photo) => photo.id,
    pictures: async (batch: readonly Photo[]) => {
      const found = await readPictures(
        tools.db,
        batch.map(({ id }) => id),
      );
      for (const { photo, pixels } of found) shown.set(photo, pixels);
      return found.map(({ photo, image }) => ({ key: photo, bytes: image }));
    },
    store: (answers: readonly Answer<Photo>[]) => keep(tools, onlooker, answers, shown),
  };
  await lookThrough(tools.crew, onlooker, wish, source, signal);
}

async function keep(
  { db, stored, done }: SeeingTools,
  { version, network, current, labels }: Onlooker,
  answers: readonly Answer<Photo>[],
  shown: Map<string, string>,
): Promise<void> {
  const seen: SeenPhoto[] = [];
  const problems: Problem[] = [];
  for (const { item, looked } of answers) {
    const pixels = shown.get(item.id) ?? '';
    shown.delete(item.id);
    if (looked?.kind === 'refused') problems.push({ file: item.fileName, reason: looked.reason });
    if (looked?.kind !== 'seen') continue;
    const top = looked.top.map(({ output, score }) => ({ label: labels[output]?.id ?? '', score }));
    seen.push({ photo: item.id, pixels, top, features: current ? looked.features : null });
  }
  // An update of the app waits for the batch, never for all photos.
  const kept = await track(storeSeen(db, seen, { version, network, at: new Date().toISOString() }));
  if (current) stored(kept);
  await done(answers.length, problems);
}

/**
 * Shows the version that guests get all photos that it has not seen as they are now, those first that are of use first.
 * @throws as `seePhotos`; Error where another version took its place meanwhile
 */
export async function seeUnseen(
  tools: Omit<SeeingTools, 'done'> & { readonly versions: KeptVersions },
  eyes: Pick<Eyes, 'version' | 'network'>,
  photos: readonly Photo[],
  tally: JobTally,
  signal: AbortSignal,
): Promise<void> {
  const onlooker = await tools.versions.open(eyes.version);
  if (onlooker.network !== eyes.network || !onlooker.current)
    throw new Error('Another version of the model is in use since. Try again.');
  const wanted = inSeeingOrder(await unseenPhotos(tools.db, onlooker, photos));
  tally.total = wanted.length;
  tally.changed();
  const done = (count: number, problems: readonly Problem[]): void => {
    tally.done += count;
    tally.problems.push(...problems);
    tally.changed();
  };
  await seePhotos({ ...tools, done }, onlooker, wanted, signal);
}
