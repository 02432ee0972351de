import { afterEach, beforeEach, expect, test } from 'vitest';

import { photoNamed } from '../pages/testing/fakes.svelte.ts';
import { removePhotos } from './acts.ts';
import { readCheckPass, writeCheckPass, writeCheckPlace, type CheckPass } from './check-pass.ts';
import { openDatabase, type Database } from './db.ts';
import { redoNext, undoLast } from './journal-log.ts';
import { addPhotos, readAllPhotos } from './photos.ts';
import { libraryDatabase, type LibrarySchema } from './upgrades.ts';

let db: Database<LibrarySchema>;

beforeEach(async () => {
  indexedDB.deleteDatabase('menagerie-library');
  db = await openDatabase(libraryDatabase, () => undefined);
});
afterEach(() => {
  db.close();
});

const PASS: CheckPass = {
  v: 1,
  wish: { kind: 'pair', truth: 'cheetah', predicted: 'leopard' },
  version: 7 as CheckPass['version'],
  labels: [{ id: 'cheetah', name: 'Cheetah', subClasses: ['cheetah'] }],
  threshold: 0.95,
  begunAt: '2026-05-01T09:30:00.000Z',
  items: [{ photo: 'a'.repeat(64), top: [{ label: 'leopard', score: 0.97 }], suspect: null }],
};

test('P3-65 a pass and the place in it are there after a reload; another pass begins at its first photo', async () => {
  expect(await readCheckPass(db)).toBeNull();
  await writeCheckPass(db, PASS);
  await writeCheckPlace(db, 34);
  expect(await readCheckPass(db)).toEqual({ pass: PASS, at: 34 });
  await writeCheckPass(db, { ...PASS, wish: { kind: 'doubtful' } });
  expect((await readCheckPass(db))?.at).toBe(0);
  await writeCheckPass(db, null);
  expect(await readCheckPass(db)).toBeNull();
});

test('a pass that is damaged counts as none', async () => {
  await db.write(['settings'], (tx) => tx.objectStore('settings').put({ v: 1, items: 'x' }, 'checkPass'));
  expect(await readCheckPass(db)).toBeNull();
});

test('P3-61 a photo removed for a fault lies in the bin with it; undone, it is back without it', async () => {
  const bytes = new Uint8Array([1]).buffer;
  const [one, two] = [photoNamed(1, 'Lion'), photoNamed(2, 'Lion')];
  const batch = [one, two].map((photo) => ({ photo, image: bytes, thumb: bytes, known: 'fill' as const }));
  await addPhotos(db, batch, { subClasses: [], unknownLabels: [] });
  const stamp = { by: 'Ada', at: '2026-05-02T09:30:00.000Z' };
  expect(await removePhotos(db, [one.id], stamp, 'blurry')).toEqual([one.id]);
  const binned = await db.read(['bin'], (tx) => tx.objectStore('bin').get(one.id));
  expect([binned?.photo.faults, binned?.photo.excluded]).toEqual([['blurry'], true]);
  await undoLast(db);
  const { photos } = await readAllPhotos(db);
  expect(photos).toHaveLength(2);
  expect(photos.find(({ id }) => id === one.id)).toEqual(one);
  await redoNext(db);
  expect((await readAllPhotos(db)).photos.map(({ id }) => id)).toEqual([two.id]);
});
