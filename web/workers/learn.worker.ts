/** Learns from labels while somebody gives them: features, head and orders live here, off the page. */
import { nearestExamples, type ExampleQuestion } from '#shared/dataset/examples.ts';
import { findLabelErrors, type LabelErrors } from '#shared/dataset/label-errors.ts';
import { Learner, marginOf, type Knowledge, type LearntGuess } from '#shared/dataset/learner.ts';
import { mostAlike, oddOnes, sortedBy } from '#shared/dataset/likeness.ts';
import { SeenPhotos } from '#shared/dataset/seen-photos.ts';
import { ToldPhotos, type Told } from '#shared/dataset/told-photos.ts';
import { DEFAULT_DATA_SET_OPTIONS } from '#shared/schema/dataset.ts';
import { openDatabase, type Database } from '../storage/db.ts';
import { readEmbeddingPage, readEmbeddings, readGuesses } from '../storage/seen.ts';
import { libraryDatabase, type LibrarySchema, type StoredEmbedding } from '../storage/upgrades.ts';
import { serve } from './spawn.ts';

/** What is said of photos; null of those that are gone. */
export type Sayings = readonly (readonly [photo: string, told: Told | null])[];

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
let search: Generator<number, LabelErrors> | null = null;
/** Counts the searches begun: one that another took the place of must not go on in it. */
let searches = 0;
const told = new ToldPhotos();
let doubted: ReadonlySet<string> = new Set();

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

function* labelled(): Generator<[string, string]> {
  for (const { photo, label } of told.labelled()) yield [photo, label];
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
    for (const [photo, one] of said) told.tell(photo, one);
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
    const waiting = told.of('');
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
  alike: (photo: string): readonly string[] => (seen ? mostAlike(seen, [photo], told.all()) : []),
  alikeLabel: (label: string): readonly string[] =>
    seen ? mostAlike(seen, told.of(label), told.of('')) : [],
  odd: (label: string): readonly string[] => (seen ? oddOnes(seen, [...told.of(label)]) : []),
  /** Photos whose labels are doubted, in place of those told before. */
  doubt: (photos: readonly string[]): void => {
    doubted = new Set(photos);
  },
  nearest: (question: ExampleQuestion): readonly string[] =>
    seen ? nearestExamples(seen, told, question, doubted) : [],
  /** Begins to look for wrong labels, with labels as they are now. @returns the number of the search */
  beginSearch: (): number => {
    const { duplicateDistance } = DEFAULT_DATA_SET_OPTIONS;
    search = findLabelErrors(seen ?? new SeenPhotos(1), told.labelled(), duplicateDistance);
    searches += 1;
    return searches;
  },
  /** Looks for about so long (ms). @returns the share done, and at the end what was found */
  search: (number: number, ms: number): { readonly share: number; readonly found: LabelErrors | null } => {
    if (!search || number !== searches) throw new Error('A newer search took the place of this one.');
    const end = performance.now() + ms;
    for (;;) {
      const step = search.next();
      if (step.done === true) return { share: 1, found: step.value };
      if (performance.now() >= end) return { share: step.value, found: null };
    }
  },
  endSearch: (number: number): void => {
    if (number === searches) search = null;
  },
};
export type LearnApi = typeof api;

serve(api);
