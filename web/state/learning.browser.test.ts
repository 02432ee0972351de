import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { labelKey, type PhotoId } from '#shared/schema/names.ts';
import { freshPhoto, type Photo } from '#shared/schema/photo.ts';
import { openDatabase, type Database } from '../storage/db.ts';
import { addPhotos } from '../storage/photos.ts';
import { readEmbeddings, readGuesses, readSeenIds, storeSeen } from '../storage/seen.ts';
import { libraryDatabase, type LibrarySchema, type StoredGuess } from '../storage/upgrades.ts';
import type { Eyes } from './contract.ts';
import { Job } from './job.svelte.ts';
import { Learning } from './learning.svelte.ts';
import { Sayer } from './sayings.ts';
import { inSeeingOrder } from './seeing-order.ts';
import { seePhotos } from './seeing.ts';
import { emptyLibrary } from './testing/empty-library.ts';

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

const id = (n: number): PhotoId => n.toString(16).padStart(64, '0') as PhotoId;

/** Photo `n` shows the kind `n` modulo 3; the first `known` photos are labelled. */
function photo(n: number, label: string | null, pixels = '0'.repeat(64)): Photo {
  return freshPhoto({
    id: id(n),
    fileName: `${String(n)}.jpg`,
    bytes: 1000,
    width: 400,
    height: 300,
    source: 'file',
    addedAt: AT,
    addedBy: 'Ada',
    origin: 'real',
    label: label === null ? null : { kind: 'sub-class', id: labelKey(label), by: 'Ada', at: AT },
    canonicalSize: 299,
    pixels,
    hash: '0'.repeat(16),
  });
}

function photos(count: number, known: number, kinds = KINDS): Photo[] {
  return Array.from({ length: count }, (_, n) => photo(n, n < known ? (kinds[n % 3] ?? null) : null));
}

/** Near the middle of its kind; the same in every run. */
function features(n: number): Float32Array {
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

/** A network that knows a photo by the one byte of its image. */
const eyes: Eyes = {
  version: 7,
  network: NETWORK,
  labels: [],
  threshold: 0.95,
  look: (images) =>
    Promise.resolve(
      images.map((bytes) => ({
        top: [{ label: 'lion', score: 0.5 }],
        features: features(new Uint8Array(bytes)[0] ?? 0),
      })),
    ),
};

const never = new AbortController().signal;
const tally = () => ({ done: 0, total: 0, known: 0, problems: [], changed: () => undefined });

describe('showing photos to the published model', () => {
  test('stores guess and features of each, and later only of those that this version has not seen', async () => {
    await store(photos(6, 0));
    const stored: string[] = [];
    const tools = { db, eyes, stored: (ids: readonly string[]) => stored.push(...ids) };
    await seePhotos(tools, photos(6, 0), tally(), never);
    expect(stored.toSorted()).toEqual([0, 1, 2, 3, 4, 5].map(id));
    expect((await readEmbeddings(db, NETWORK, [id(4)]))[0]?.values).toEqual(features(4));
    const again = tally();
    await seePhotos(tools, photos(6, 0), again, never);
    expect(again.total).toBe(0);
    await seePhotos({ ...tools, eyes: { ...eyes, version: 8 } }, photos(6, 0), again, never);
    expect([again.total, (await readSeenIds(db, 7)).size, (await readSeenIds(db, 8)).size]).toEqual([
      6, 0, 6,
    ]);
  });

  test('an image that cannot be read is a problem of that photo alone', async () => {
    await store(photos(6, 0));
    const look: Eyes['look'] = (images) =>
      images.some((bytes) => new Uint8Array(bytes)[0] === 2)
        ? Promise.reject(new Error('no picture'))
        : eyes.look(images);
    const job = new Job();
    await job.run('', (totals, signal) =>
      seePhotos({ db, eyes: { ...eyes, look }, stored: () => undefined }, photos(6, 0), totals, signal),
    );
    expect(job.state).toMatchObject({ kind: 'finished', done: 6, problems: [{ file: '2.jpg' }] });
    expect((await readSeenIds(db, 7)).size).toBe(5);
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
    const tools = {
      db,
      eyes,
      stored: () => {
        controller.abort();
      },
    };
    await expect(seePhotos(tools, list, tally(), controller.signal)).rejects.toThrow();
    expect((await readSeenIds(db, 7)).size).toBe(32);
  });

  test('guesses are read in pages, of one version alone', async () => {
    await store(photos(3, 0));
    await seePhotos({ db, eyes, stored: () => undefined }, photos(3, 0), tally(), never);
    await db.write(['guesses'], (tx) =>
      tx.objectStore('guesses').put({ photo: id(1), model: 'learning', at: AT, top: [] }),
    );
    const found: StoredGuess[] = [];
    await readGuesses(db, 7, (page) => found.push(...page));
    expect(found.map((guess) => guess.photo)).toEqual([0, 1, 2].map(id));
  });
});

describe('learning while somebody labels', () => {
  async function begin(list: readonly Photo[]): Promise<void> {
    await store(list);
    await seePhotos({ db, eyes, stored: () => undefined }, list, tally(), never);
    learning.follow(list);
    learning.start(eyes);
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
    expect(sayer.changes(list)).toEqual([
      [id(0), 'lion'],
      [id(1), 'otter'],
      [id(2), ''],
    ]);
    expect(sayer.changes([...list])).toEqual([]);
    const [a, b, c] = list as [Photo, Photo, Photo];
    expect(sayer.changes([a, { ...b, excluded: true }, { ...c, label: a.label }])).toEqual([
      [id(1), null],
      [id(2), 'lion'],
    ]);
    expect(sayer.changes([{ ...c, label: a.label }])).toEqual([[id(0), null]]);
  });
});
