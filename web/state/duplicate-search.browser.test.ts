import { afterEach, beforeEach, expect, test } from 'vitest';

import { openDatabase, type Database } from '../storage/db.ts';
import { addPhotos } from '../storage/photos.ts';
import { storeSeen } from '../storage/seen.ts';
import { libraryDatabase, type LibrarySchema } from '../storage/upgrades.ts';
import { createDuplicateSearch } from './duplicate-search.ts';
import { emptyLibrary } from './testing/empty-library.ts';
import { plainPhoto } from './testing/plain-photo.ts';

const NETWORK = 'a'.repeat(64);
const DIMS = 48;
let db: Database<LibrarySchema>;

beforeEach(async () => {
  db = await openDatabase(libraryDatabase, () => undefined);
  await emptyLibrary(db);
});

afterEach(() => {
  db.close();
});

/** Photos 2 and 9 are seen alike, all others differ. */
function features(n: number): Float32Array {
  const seed = n === 9 ? 2 : n;
  return Float32Array.from(
    { length: DIMS },
    (_, k) => Math.sin((seed + 1) * (k + 1) * 1.7) + (n === 9 ? 0.01 : 0),
  );
}

test('what a network left of photos is compared in a worker; others, and another network’s, are not (P2-35)', async () => {
  const photos = Array.from({ length: 12 }, (_, n) => plainPhoto(n));
  const bytes = (n: number): ArrayBuffer => new Uint8Array([n]).buffer;
  await addPhotos(
    db,
    photos.map((p, n) => ({ photo: p, image: bytes(n), thumb: bytes(n), known: 'fill' as const })),
    { subClasses: [], unknownLabels: [] },
  );
  const seen = photos
    .slice(0, 10)
    .map((p, n) => ({ photo: p.id, pixels: p.pixels, top: [], features: features(n) }));
  await storeSeen(db, seen, { version: 7, network: NETWORK, at: '2026-05-01T10:00:00.000Z' });

  const search = createDuplicateSearch(() => Promise.resolve(null));
  const shares: number[] = [];
  const ask = (network: string): ReturnType<typeof search.find> =>
    search.find(
      photos,
      { kind: 'model', radius: 5, network },
      (share) => shares.push(share),
      new AbortController().signal,
    );
  const { links, compared } = await ask(NETWORK);
  expect(compared).toBe(10);
  expect(Array.from(links.a, (a, i) => [a, links.b[i]].sort())).toEqual([[2, 9]]);
  expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
  expect((await ask('b'.repeat(64))).compared).toBe(0);
});
