import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { labelKey } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { openDatabase, type Database } from '../storage/db.ts';
import { addPhotos } from '../storage/photos.ts';
import { forgetVersion, readEmbeddings, readGuesses, readSeenIds, storeSeen } from '../storage/seen.ts';
import { libraryDatabase, type LibrarySchema, type StoredGuess } from '../storage/upgrades.ts';
import { probeNetwork } from '../workers/probe.ts';
import type { Problem } from './contract.ts';
import type { Crew } from './crew.ts';
import { Learning } from './learning.svelte.ts';
import { Sayer } from './sayings.ts';
import { inSeeingOrder } from './seeing-order.ts';
import { seePhotos, unseenPhotos, type Onlooker, type SeeingTools } from './seeing.ts';
import { emptyLibrary } from './testing/empty-library.ts';
import { plainId, plainPhoto } from './testing/plain-photo.ts';

const AT = '2026-05-01T10:00:00.000Z';
const NETWORK = 'a'.repeat(64);
const KINDS = ['Lion', 'Otter', 'Gazelle'];
const DIMS = 32;

let db: Database<LibrarySchema>;
let learning: Learning;

beforeEach(async () => {
  db = await openDatabase(libraryDatabase, () => undefined);
  await emptyLibrary(db);
  learning = new Learning();
});

afterEach(() => {
  learning.stop();
  db.close();
});

const id = plainId;

/** Photo `n` shows the kind `n` modulo 3; the first `known` photos are labelled. */
function photo(n: number, label: string | null, pixels = '0'.repeat(64)): Photo {
  return plainPhoto(n, {
    label: label === null ? null : { kind: 'sub-class', id: labelKey(label), by: 'Ada', at: AT },
    pixels,
  });
}

function photos(count: number, known: number, kinds = KINDS): Photo[] {
  return Array.from({ length: count }, (_, n) => photo(n, n < known ? (kinds[n % 3] ?? null) : null));
}

/** Near the middle of its kind; the same in every run. */
function features(n: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: DIMS },
    (_, k) => (k % 3 === n % 3 ? 3 : 0) + (((n * 31 + k * 17) % 11) - 5) / 10,
  );
}

async function store(list: readonly Photo[]): Promise<void> {
  const bytes = (n: number): ArrayBuffer => new Uint8Array([n]).buffer;
  const batch = list.map((p, n) => ({ photo: p, image: bytes(n), thumb: bytes(n), known: 'fill' as const }));
  await addPhotos(db, batch, { subClasses: [], unknownLabels: [] });
}

const onlooker: Onlooker = {
  version: 7,
  network: NETWORK,
  current: true,
  canonicalSize: 299,
  labels: [{ id: labelKey('lion'), name: 'Lion', subClasses: [labelKey('lion')], note: '' }],
  ...probeNetwork(),
};

/** A crew that knows a picture by its one byte; what `refuses` cannot be read. */
function crewThat(refuses: (n: number) => boolean = () => false): Crew {
  return {
    ready: () => Promise.resolve({ lanes: 1, batch: 8 }),
    look: (_, pictures) =>
      Promise.resolve(
        pictures.map(({ key, bytes }) => {
          const n = new Uint8Array(bytes as ArrayBuffer)[0] ?? 0;
          if (refuses(n)) return { kind: 'refused' as const, key, reason: 'no picture' };
          const top = [{ output: 0, score: 0.5 }];
          return { kind: 'seen' as const, key, top, features: features(n), file: null };
        }),
      ),
  };
}

const never = new AbortController().signal;

/** Shows a version what it has not seen, as both the rooms and bulk identification do. @returns how many that were */
async function show(
  list: readonly Photo[],
  {
    seer = onlooker,
    signal = never,
    ...tools
  }: Partial<SeeingTools> & { seer?: Onlooker; signal?: AbortSignal } = {},
): Promise<number> {
  const unseen = await unseenPhotos(db, seer, list);
  const all = { db, crew: crewThat(), stored: () => undefined, done: () => undefined, ...tools };
  await seePhotos(all, seer, unseen, signal);
  return unseen.length;
}

describe('showing photos to a version', () => {
  test('stores guess and features of each, and later only of those that this version has not seen', async () => {
    await store(photos(6, 0));
    const stored: string[] = [];
    await show(photos(6, 0), { stored: (ids) => stored.push(...ids) });
    expect(stored.toSorted()).toEqual([0, 1, 2, 3, 4, 5].map(id));
    expect((await readEmbeddings(db, NETWORK, [id(4)]))[0]?.values).toEqual(features(4));
    expect(await show(photos(6, 0))).toBe(0);
  });

  test('guesses of several versions stay side by side; features are those of the version that guests get', async () => {
    await store(photos(6, 0));
    await show(photos(6, 0));
    const older = { ...onlooker, version: 6, network: 'b'.repeat(64), current: false };
    expect(await show(photos(6, 0), { seer: older })).toBe(6);
    expect([await seen(7), await seen(6)]).toEqual([6, 6]);
    expect(await readEmbeddings(db, NETWORK, [id(4)])).toHaveLength(1);
    expect(await show(photos(6, 0))).toBe(0);
    // The older one is what guests get now: it has guessed before, but left no features.
    expect(await show(photos(6, 0), { seer: { ...older, current: true } })).toBe(6);
    expect(await readEmbeddings(db, NETWORK, [id(4)])).toEqual([]);
    // And back again: its guesses are still here, its features are not.
    expect(await show(photos(6, 0))).toBe(6);
    await forgetVersion(db, 6);
    expect([await seen(7), await seen(6)]).toEqual([6, 0]);
  });

  test('an image that cannot be read is a problem of that photo alone', async () => {
    await store(photos(6, 0));
    const problems: Problem[] = [];
    let looked = 0;
    const done: SeeingTools['done'] = (count, found) => {
      looked += count;
      problems.push(...found);
    };
    await show(photos(6, 0), { crew: crewThat((n) => n === 2), done });
    expect([looked, problems]).toEqual([6, [{ file: '2.jpg', reason: 'no picture' }]]);
    expect(await seen(7)).toBe(5);
  });

  test('what was seen of a photo that was edited meanwhile is not stored', async () => {
    await store(photos(1, 0));
    const one = { photo: id(0), pixels: 'f'.repeat(64), top: [], features: features(0) };
    expect(await storeSeen(db, [one], { version: 7, network: NETWORK, at: AT })).toEqual([]);
    expect(await readEmbeddings(db, NETWORK, [id(0)])).toEqual([]);
  });

  test('a stop keeps what is stored', async () => {
    const list = photos(40, 0);
    await store(list);
    const controller = new AbortController();
    const stop = (): void => {
      controller.abort();
    };
    await expect(show(list, { stored: stop, signal: controller.signal })).rejects.toThrow();
    expect(await seen(7)).toBe(8);
  });

  test('guesses are read in pages, of one version alone', async () => {
    await store(photos(3, 0));
    await show(photos(3, 0));
    await db.write(['guesses'], (tx) =>
      tx.objectStore('guesses').put({ photo: id(1), model: 'learning', at: AT, top: [] }),
    );
    const found: StoredGuess[] = [];
    await readGuesses(db, 7, (page) => found.push(...page));
    expect(found.map((guess) => guess.photo)).toEqual([0, 1, 2].map(id));
  });
});

async function seen(version: number): Promise<number> {
  return (await readSeenIds(db, version)).size;
}

describe('learning while somebody labels', () => {
  async function begin(list: readonly Photo[]): Promise<void> {
    await store(list);
    await show(list);
    learning.follow(list);
    learning.start(onlooker);
    await vi.waitFor(() => {
      expect(learning.revision).toBeGreaterThan(0);
    }, 5000);
  }

  test('suggests a label that was just made after three examples of it', async () => {
    await begin(photos(30, 24, ['Lion', 'Otter']));
    expect(learning.knowledge).toEqual({ photos: 16, labels: 2 });
    expect((await learning.suggest(id(29))).top.map((guess) => guess.label)).not.toContain('gazelle');
    const before = learning.revision;
    learning.follow(
      photos(30, 24, ['Lion', 'Otter']).map((p, n) => ([2, 5, 8].includes(n) ? photo(n, 'Gazelle') : p)),
    );
    await vi.waitFor(() => {
      expect(learning.revision).toBeGreaterThan(before);
    }, 5000);
    expect(learning.knowledge).toEqual({ photos: 19, labels: 3 });
    expect((await learning.suggest(id(29))).top[0]?.label).toBe('gazelle');
    expect((await learning.suggest(id(2))).taught).toBe(true);
  });

  test('features that are stored while it learns are learnt from, edited photos are not', async () => {
    await begin(photos(12, 12));
    learning.forget(id(0));
    const before = learning.revision;
    await vi.waitFor(() => {
      expect(learning.revision).toBeGreaterThan(before);
    }, 5000);
    expect(learning.knowledge?.photos).toBe(11);
    learning.take([id(0)]);
    await vi.waitFor(() => {
      expect(learning.knowledge?.photos).toBe(12);
    }, 5000);
  });

  test('orders: most unsure, most alike, odd one out; without examples by the version’s own guesses', async () => {
    const list = photos(18, 12).map((p, n) => (n === 9 ? photo(9, 'Otter') : p));
    await begin(list);
    expect((await learning.order({ kind: 'odd', label: 'otter' }))[0]).toBe(id(9));
    const alike = await learning.order({ kind: 'alike', photo: id(4) });
    expect(alike[0]).toBe(id(4));
    expect(alike.slice(0, 6).map((one) => parseInt(one, 16) % 3)).toEqual([1, 1, 1, 1, 1, 1]);
    const more = await learning.order({ kind: 'alike-label', label: 'gazelle' });
    expect(more.slice(0, 2).toSorted()).toEqual([id(14), id(17)]);
    expect((await learning.order({ kind: 'unsure' })).toSorted()).toEqual([12, 13, 14, 15, 16, 17].map(id));
    learning.follow(list.map((p) => ({ ...p, label: null })));
    expect(await learning.order({ kind: 'unsure' })).toHaveLength(18);
  });

  test('features of another network count for nothing', async () => {
    await begin(photos(12, 12));
    learning.start({ version: 8, network: 'b'.repeat(64) });
    await vi.waitFor(() => {
      expect(learning.status).toBe('ready');
    }, 5000);
    expect([learning.seen, learning.knowledge]).toEqual([0, null]);
    expect(await learning.suggest(id(1))).toEqual({ top: [], taught: false });
  });
});

test('some examples of each label and photos without one are looked at first, in turns', () => {
  const list = [
    ...Array.from({ length: 22 }, (_, n) => photo(n, 'Lion')),
    ...[30, 31].map((n) => photo(n, null)),
    { ...photo(40, null), excluded: true },
  ];
  const order = inSeeingOrder(list).map((p) => parseInt(p.id, 16));
  expect(order.slice(0, 5)).toEqual([0, 30, 1, 31, 2]);
  expect(order.slice(-3)).toEqual([20, 21, 40]);
});

describe('what is told of labels', () => {
  test('is each photo once, then only what changed', () => {
    const sayer = new Sayer();
    const list = photos(3, 2);
    const told = (label: string | null, fit = true): object => ({ label, hash: '0'.repeat(16), fit });
    expect(sayer.changes(list)).toEqual([
      [id(0), told('lion')],
      [id(1), told('otter')],
      [id(2), told('')],
    ]);
    expect(sayer.changes([...list])).toEqual([]);
    const [a, b, c] = list as [Photo, Photo, Photo];
    expect(sayer.changes([a, { ...b, excluded: true }, { ...c, label: a.label }])).toEqual([
      [id(1), told(null, false)],
      [id(2), told('lion')],
    ]);
    const blurry = { ...c, label: a.label, faults: ['blurry' as const] };
    expect(sayer.changes([a, { ...b, excluded: true }, blurry])).toEqual([[id(2), told('lion', false)]]);
    expect(sayer.changes([blurry])).toEqual([
      [id(0), null],
      [id(1), null],
    ]);
  });
});
