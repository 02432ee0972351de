/** Learns from labels while somebody gives them: features, head and orders live here, off the page. */
import { Learner, marginOf, type Knowledge, type LearntGuess } from '#shared/dataset/learner.ts';
import { mostAlike, oddOnes, sortedBy } from '#shared/dataset/likeness.ts';
import { SeenPhotos } from '#shared/dataset/seen-photos.ts';
import { openDatabase, type Database } from '../storage/db.ts';
import { readEmbeddingPage, readEmbeddings, readGuesses } from '../storage/seen.ts';
import { libraryDatabase, type LibrarySchema, type StoredEmbedding } from '../storage/upgrades.ts';
import { serve } from './spawn.ts';

/** A sub-class; '' without one; null for a photo that is gone or kept out: neither learnt from nor put in an order. */
export type Saying = string | null;
export type Sayings = readonly (readonly [photo: string, saying: Saying])[];

export interface ReadPage {
  /** Photos seen so far. */
  readonly seen: number;
  /** Where the next page goes on; null where that was all. */
  readonly next: string | null;
}

const SUGGESTED = 3;

let db: Promise<Database<LibrarySchema>> | null = null;
let seen: SeenPhotos | null = null;
let learner: Learner | null = null;
let run: Generator<number, void> | null = null;
const sayings = new Map<string, string>();

function open(): Promise<Database<LibrarySchema>> {
  db ??= openDatabase(libraryDatabase, () => {
    db = null;
  });
  return db;
}

function take(found: readonly StoredEmbedding[]): void {
  for (const { photo, values } of found) {
    seen ??= new SeenPhotos(values.length);
    seen.see(photo, values);
  }
  if (seen) learner ??= new Learner(seen);
}

/** Photos of which that is said. */
function* saidOf(is: (saying: string) => boolean): Generator<string> {
  for (const [photo, saying] of sayings) if (is(saying)) yield photo;
}

function* labelled(): Generator<[string, string]> {
  for (const entry of sayings) if (entry[1] !== '') yield entry;
}

const api = {
  /** Reads one page of features. @param after where the page before ended; null for the first one */
  read: async (network: string, after: string | null): Promise<ReadPage> => {
    const { page, last } = await readEmbeddingPage(await open(), network, after);
    take(page);
    return { seen: seen?.count ?? 0, next: last };
  },
  /** Reads features that were just stored. @returns how many photos were seen so far */
  readThese: async (network: string, photos: readonly string[]): Promise<number> => {
    take(await readEmbeddings(await open(), network, photos));
    return seen?.count ?? 0;
  },
  /** Edits made other pictures of them. */
  forget: (photos: readonly string[]): void => {
    for (const photo of photos) seen?.forget(photo);
  },
  /** What is said of photos by now. */
  say: (said: Sayings): void => {
    for (const [photo, saying] of said) {
      if (saying === null) sayings.delete(photo);
      else sayings.set(photo, saying);
    }
  },
  /** Begins to learn from all that was said. */
  begin: (): void => {
    run = learner?.learn(labelled()) ?? null;
  },
  /** Learns for about so long (ms). @returns whether all is learnt, and from what */
  learn: (ms: number): { readonly done: boolean; readonly knowledge: Knowledge | null } => {
    const end = performance.now() + ms;
    let done = run === null;
    while (!done && performance.now() < end) done = run?.next().done ?? true;
    if (done) run = null;
    return { done, knowledge: learner?.knowledge ?? null };
  },
  suggest: (photo: string): { readonly top: readonly LearntGuess[]; readonly taught: boolean } => ({
    top: learner?.suggest(photo, SUGGESTED) ?? [],
    taught: learner?.isTaughtBy(photo) ?? false,
  }),
  /** Photos without a label, least sure first: as learnt here, else as the version's stored guesses have it. */
  unsure: async (version: number): Promise<readonly string[]> => {
    const margin = learner?.margin;
    if (!seen) return [];
    const waiting = saidOf((saying) => saying === '');
    if (margin) return sortedBy(seen, waiting, margin);
    const margins = new Map<number, number>();
    await readGuesses(await open(), version, (page) => {
      for (const { photo, top } of page) {
        const row = seen?.rowOf(photo);
        if (row !== undefined) margins.set(row, marginOf(top.map(({ score }) => score)));
      }
    });
    return sortedBy(seen, waiting, (row) => margins.get(row) ?? 1);
  },
  alike: (photo: string): readonly string[] =>
    seen
      ? mostAlike(
          seen,
          [photo],
          saidOf(() => true),
        )
      : [],
  alikeLabel: (label: string): readonly string[] =>
    seen
      ? mostAlike(
          seen,
          saidOf((saying) => saying === label),
          saidOf((saying) => saying === ''),
        )
      : [],
  odd: (label: string): readonly string[] =>
    seen ? oddOnes(seen, [...saidOf((saying) => saying === label)]) : [],
};
export type LearnApi = typeof api;

serve(api);
