/** What networks made of photos: guesses and embeddings, stored together and deleted together. */
import type { Database } from './db.ts';
import { getPhotos } from './photos.ts';
import type { LibrarySchema, StoredEmbedding, StoredGuess } from './upgrades.ts';

/** What the published network made of one photo as it looked then. */
export interface SeenPhoto {
  readonly photo: string;
  /** SHA-256 of the image that was looked at: after an edit it is another image's. */
  readonly pixels: string;
  /** Best first. */
  readonly top: StoredGuess['top'];
  readonly features: Float32Array;
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
 * Stores guesses and embeddings of photos that still look as they did; what older versions guessed goes. Nobody decided
 * anything, so the journal does not hear of it.
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
      const guesses = tx.objectStore('guesses');
      // Of published versions alone: `learning` and others stay.
      await guesses.delete(IDBKeyRange.bound([id, 'version '], [id, 'version:']));
      await guesses.put({ photo: id, model: guessOf(version), at, top: one.top });
      await tx.objectStore('embeddings').put({ photo: id, network, values: one.features });
      stored.push(id);
    }
    return stored;
  });
}

/** The photos that a version has looked at, as they are now. Keys alone are read. */
export async function readSeenIds(
  db: Database<LibrarySchema>,
  version: number,
): Promise<ReadonlySet<string>> {
  const model = guessOf(version);
  const keys = await db.read(['guesses'], (tx) => tx.objectStore('guesses').getAllKeys());
  return new Set(keys.filter(([, by]) => by === model).map(([photo]) => photo));
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
