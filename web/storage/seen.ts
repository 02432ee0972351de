/** What networks made of photos: guesses and embeddings, stored together and deleted together. */
import type { Database, Writing } from './db.ts';
import { getPhotos } from './photos.ts';
import type { LibrarySchema, StoredEmbedding, StoredGuess } from './upgrades.ts';

/** What a network made of one photo as it looked then. */
export interface SeenPhoto {
  readonly photo: string;
  /** SHA-256 of the image that was looked at: after an edit it is another image's. */
  readonly pixels: string;
  /** Best first. */
  readonly top: StoredGuess['top'];
  /** Null where they are not wanted: embeddings are of one network, that of the version guests get. */
  readonly features: Float32Array | null;
}

/** Who looked. */
export interface Seer {
  /** Number of the published version. */
  readonly version: number;
  /** SHA-256 of its weights. */
  readonly network: string;
  readonly at: string;
}

/** Records a transaction: an embedding has some five kilobytes. */
const PAGE = 1000;

export const guessOf = (version: number): string => `version ${String(version)}`;

/**
 * Stores guesses, and embeddings where there are any, of photos that still look as they did; what other versions guessed
 * stays beside it. Nobody decided anything, so the journal does not hear of it.
 * @returns the photos that were stored
 */
export function storeSeen(
  db: Database<LibrarySchema>,
  seen: readonly SeenPhoto[],
  { version, network, at }: Seer,
): Promise<readonly string[]> {
  return db.write(['photos', 'guesses', 'embeddings'], async (tx) => {
    const byId = new Map(seen.map((one) => [one.photo, one]));
    const stored: string[] = [];
    for (const { id, pixels } of await getPhotos(tx, [...byId.keys()])) {
      const one = byId.get(id);
      if (one?.pixels !== pixels) continue;
      const guess = { photo: id, model: guessOf(version), at, top: one.top };
      if (one.features) {
        await replaceEmbedding(tx, { photo: id, network, values: one.features });
        await tx.objectStore('guesses').put(guess);
      } else {
        await putGuessAlone(tx, guess);
      }
      stored.push(id);
    }
    return stored;
  });
}

type SeenStores = Pick<Writing<LibrarySchema>, 'objectStore'>;

/** There is one embedding a photo: guesses of other versions lose theirs. */
async function replaceEmbedding(tx: SeenStores, embedding: StoredEmbedding): Promise<void> {
  const guesses = tx.objectStore('guesses');
  const range = IDBKeyRange.bound([embedding.photo, 'version '], [embedding.photo, 'version:']);
  for (const guess of await guesses.getAll(range))
    if (!guess.bare) await guesses.put({ ...guess, bare: true });
  await tx.objectStore('embeddings').put(embedding);
}

/** A guess without features; where the same version left features before, they stay. */
async function putGuessAlone(tx: SeenStores, guess: StoredGuess): Promise<void> {
  const guesses = tx.objectStore('guesses');
  const before = await guesses.get([guess.photo, guess.model]);
  await guesses.put(before && !before.bare ? guess : { ...guess, bare: true });
}

/**
 * Guesses that a version made elsewhere, of photos that are in the library and that it has not looked at here.
 * @returns the photos that are in the library
 */
export function storeReadGuesses(
  db: Database<LibrarySchema>,
  read: readonly Pick<SeenPhoto, 'photo' | 'top'>[],
  { version, at }: Omit<Seer, 'network'>,
): Promise<ReadonlySet<string>> {
  return db.write(['photos', 'guesses'], async (tx) => {
    const model = guessOf(version);
    const present = new Set<string>();
    for (const { photo, top } of read) {
      if ((await tx.objectStore('photos').getKey(photo)) === undefined) continue;
      present.add(photo);
      const before = await tx.objectStore('guesses').getKey([photo, model]);
      if (before === undefined) await tx.objectStore('guesses').put({ photo, model, at, top, bare: true });
    }
    return present;
  });
}

/** Forgets what a version guessed; embeddings stay until another network's take their place. */
export async function forgetVersion(db: Database<LibrarySchema>, version: number): Promise<void> {
  const model = guessOf(version);
  await db.write(['guesses'], async (tx) => {
    for (const key of await tx.objectStore('guesses').getAllKeys())
      if (key[1] === model) await tx.objectStore('guesses').delete(key);
  });
}

/** Canonical images of photos with the pixels that they say they have, read together so that they belong together. */
export function readPictures(
  db: Database<LibrarySchema>,
  ids: readonly string[],
): Promise<{ readonly photo: string; readonly pixels: string; readonly image: ArrayBuffer }[]> {
  return db.read(['photos', 'images'], async (tx) => {
    const [photos, images] = [tx.objectStore('photos'), tx.objectStore('images')];
    const found = await Promise.all(ids.map((id) => Promise.all([photos.get(id), images.get(id)])));
    return found.flatMap(([photo, image]) =>
      photo && image ? [{ photo: photo.id, pixels: photo.pixels, image }] : [],
    );
  });
}

/**
 * The photos that a version has looked at, as they are now.
 * @param how `guessed`: keys alone are read; `with-features`: only those whose features lie beside the guess
 */
export async function readSeenIds(
  db: Database<LibrarySchema>,
  version: number,
  how: 'guessed' | 'with-features' = 'guessed',
): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  if (how === 'with-features') {
    await readGuesses(db, version, (page) => {
      for (const { photo, bare } of page) if (!bare) seen.add(photo);
    });
    return seen;
  }
  const model = guessOf(version);
  const keys = await db.read(['guesses'], (tx) => tx.objectStore('guesses').getAllKeys());
  for (const [photo, by] of keys) if (by === model) seen.add(photo);
  return seen;
}

/** What a version guesses, in pages of photos. @param take called with each page, in the order of ids */
export async function readGuesses(
  db: Database<LibrarySchema>,
  version: number,
  take: (page: readonly StoredGuess[]) => void,
): Promise<void> {
  const model = guessOf(version);
  let after: StoredGuess | undefined;
  do {
    const range = after && IDBKeyRange.lowerBound([after.photo, after.model], true);
    const page = await db.read(['guesses'], (tx) => tx.objectStore('guesses').getAll(range, PAGE));
    take(page.filter((guess) => guess.model === model));
    after = page.length === PAGE ? page.at(-1) : undefined;
  } while (after);
}

/** The best guess of a version for each photo that it has looked at, by photo. */
export async function readBestGuesses(
  db: Database<LibrarySchema>,
  version: number,
): Promise<ReadonlyMap<string, StoredGuess['top'][number]>> {
  const best = new Map<string, StoredGuess['top'][number]>();
  await readGuesses(db, version, (page) => {
    for (const { photo, top } of page) if (top[0]) best.set(photo, top[0]);
  });
  return best;
}

/**
 * One page of the embeddings of a network.
 * @param after the page before ended with this photo; null for the first one
 * @returns the page, and its last photo; null where that was all
 */
export async function readEmbeddingPage(
  db: Database<LibrarySchema>,
  network: string,
  after: string | null,
): Promise<{ readonly page: readonly StoredEmbedding[]; readonly last: string | null }> {
  const range = after === null ? undefined : IDBKeyRange.lowerBound(after, true);
  const all = await db.read(['embeddings'], (tx) => tx.objectStore('embeddings').getAll(range, PAGE));
  const last = all.length === PAGE ? (all.at(-1)?.photo ?? null) : null;
  return { page: all.filter((one) => one.network === network), last };
}

/** The embeddings of some photos, where there are any of this network. */
export async function readEmbeddings(
  db: Database<LibrarySchema>,
  network: string,
  photos: readonly string[],
): Promise<readonly StoredEmbedding[]> {
  const found = await db.read(['embeddings'], (tx) =>
    Promise.all(photos.map((photo) => tx.objectStore('embeddings').get(photo))),
  );
  return found.filter((one) => one?.network === network) as StoredEmbedding[];
}
