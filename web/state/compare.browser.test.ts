import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { createRandom } from '#shared/dataset/random.ts';
import { labelKey } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { openDatabase, type Database } from '../storage/db.ts';
import { addPhotos } from '../storage/photos.ts';
import { storeSeen } from '../storage/seen.ts';
import { libraryDatabase, type LibrarySchema } from '../storage/upgrades.ts';
import { Learning } from './learning.svelte.ts';
import { emptyLibrary } from './testing/empty-library.ts';
import { plainId, plainPhoto } from './testing/plain-photo.ts';

const AT = '2026-05-01T10:00:00.000Z';
const NETWORK = 'c'.repeat(64);
const PIXELS = '0'.repeat(64);
const KINDS = ['Lion', 'Otter', 'Gazelle'];
const COUNT = 90;
const eyes = { version: 7, network: NETWORK };
const never = new AbortController().signal;

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
const numberOf = (photo: string): number => parseInt(photo, 16);

/** Photo `n` shows the kind `n` modulo 3; hashes are far apart. */
function photo(n: number, label = KINDS[n % 3] ?? ''): Photo {
  const random = createRandom(n + 1);
  return plainPhoto(n, {
    label: { kind: 'sub-class', id: labelKey(label), by: 'Ada', at: AT },
    hash: Array.from({ length: 16 }, () => random.int(16).toString(16)).join(''),
  });
}

/** Near the middle of its kind, and nearer to photos with a number nearby. */
function features(n: number): Float32Array {
  const random = createRandom(n + 1000);
  return Float32Array.from(
    { length: 32 },
    (_, k) => (k % 3 === n % 3 ? 2 : 0) + (k === 30 ? n / COUNT : 0) + random.next() / 20,
  );
}

/** Stores a library of which the network has seen the first so many photos. */
async function store(photos: readonly Photo[], seen = photos.length): Promise<void> {
  const bytes = new Uint8Array([1]).buffer;
  const batch = photos.map((p) => ({ photo: p, image: bytes, thumb: bytes, known: 'fill' as const }));
  await addPhotos(db, batch, { subClasses: [], unknownLabels: [] });
  const made = photos.slice(0, seen).map((p) => ({
    photo: p.id,
    pixels: PIXELS,
    top: [],
    features: features(numberOf(p.id)),
  }));
  await storeSeen(db, made, { ...eyes, at: AT });
}

async function compare(photos: readonly Photo[]): Promise<void> {
  learning.follow(photos);
  learning.start(eyes, 'compare');
  await vi.waitFor(() => {
    expect(learning.status).toBe('ready');
  }, 5000);
}

const list = Array.from({ length: COUNT }, (_, n) => photo(n));

describe('examples for the three-up (P3-58)', () => {
  const lions = { photo: id(31), of: [labelKey('Lion')], count: 3 };

  test('are the nearest photos of the class; "another one" goes on; nothing is learnt for it', async () => {
    await store(list);
    await compare(list);
    const { photos, compared } = await learning.examples(lions);
    expect([photos.length, compared]).toEqual([3, 3]);
    expect(photos.every((one) => numberOf(one) % 3 === 0)).toBe(true);
    const next = await learning.examples({ ...lions, but: photos });
    expect(next.photos.some((one) => photos.includes(one))).toBe(false);
    const own = await learning.examples({ ...lions, of: [labelKey('Otter')], count: 99 });
    expect([own.photos.length, own.photos.includes(id(31))]).toEqual([29, false]);
    expect([learning.revision, learning.knowledge]).toEqual([0, null]);
  });

  test('leave out faulty and excluded photos and near-duplicates, and keep doubted ones for last', async () => {
    await store(list);
    await compare(list);
    const all = (await learning.examples({ ...lions, count: 99 })).photos;
    const [blurry, excluded, twin, doubted] = all as [string, string, string, string];
    const hash = photo(31).hash;
    learning.follow(
      list.map((p) => {
        if (p.id === blurry) return { ...p, faults: ['blurry'] };
        if (p.id === excluded) return { ...p, excluded: true };
        return p.id === twin ? { ...p, hash } : p;
      }),
    );
    learning.doubt([doubted]);
    const now = (await learning.examples({ ...lions, count: 99 })).photos;
    expect(now).toEqual([...all.slice(4), doubted]);
  });

  test('come newest first where the photo or they were not seen, or nothing was started', async () => {
    await store(list, 60);
    learning.follow(list);
    const off = await learning.examples(lions);
    expect(off).toEqual({ photos: [0, 3, 6].map(id), compared: 0 });
    await compare(list);
    expect(await learning.examples({ ...lions, photo: id(61) })).toEqual({ ...off, compared: 0 });
    const some = await learning.examples({ ...lions, count: 99 });
    expect([some.photos.length, some.compared]).toEqual([30, 20]);
    expect(some.photos.slice(20)).toEqual(list.flatMap((p, n) => (n >= 60 && n % 3 === 0 ? [p.id] : [])));
  });
});

describe('wrong labels by confident learning (P3-57)', () => {
  const wrong = [4, 17, 33, 62];
  const labelled = [
    ...list.map((p, n) => (wrong.includes(n) ? photo(n, KINDS[(n + 1) % 3]) : p)),
    ...[100, 101].map((n) => photo(n, 'Yak')),
    { ...photo(102), label: null },
  ];

  test('are found with what they rather show, and avoided as examples', async () => {
    await store(labelled, COUNT + 2);
    await compare(labelled);
    const shares: number[] = [];
    const found = await learning.labelErrors({ progress: (share) => shares.push(share), signal: never });
    expect(found.errors.map((one) => numberOf(one.photo)).toSorted((a, b) => a - b)).toEqual(wrong);
    for (const { photo: of, given, suggested } of found.errors) {
      expect(suggested).toBe(labelKey(KINDS[numberOf(of) % 3] ?? ''));
      expect(given).not.toBe(suggested);
    }
    expect(found).toMatchObject({ photos: 90, labels: 3, unseen: 0 });
    expect(found.leftOut).toEqual([{ label: labelKey('Yak'), photos: 2 }]);
    expect(shares.at(-1)).toBe(1);
    const like = await learning.examples({ photo: id(7), of: [labelKey('Gazelle')], count: 99 });
    expect(like.photos.at(-1)).toBe(id(4));
  });

  test('can be cancelled without losing what was read, and begun before all is read', async () => {
    await store(labelled);
    learning.follow(labelled);
    learning.start(eyes, 'compare');
    const controller = new AbortController();
    const cancelled = learning.labelErrors({ progress: () => undefined, signal: controller.signal });
    controller.abort(new Error('cancelled'));
    await expect(cancelled).rejects.toThrow('cancelled');
    const found = await learning.labelErrors({ progress: () => undefined, signal: never });
    expect(found.photos).toBe(90);
    expect([learning.status, learning.seen]).toEqual(['ready', labelled.length]);
    const stopped = learning.labelErrors({ progress: () => undefined, signal: never });
    learning.stop();
    await expect(stopped).rejects.toThrow();
    await expect(learning.labelErrors({ progress: () => undefined, signal: never })).rejects.toThrow(
      'Nothing is compared',
    );
  });

  test('what was only compared is learnt from as soon as somebody labels', async () => {
    await store(list);
    await compare(list);
    await learning.examples({ photo: id(1), of: [labelKey('Lion')], count: 1 });
    learning.start(eyes);
    await vi.waitFor(() => {
      expect(learning.knowledge).toEqual({ photos: 90, labels: 3 });
    }, 5000);
  });
});
