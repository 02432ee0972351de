/** Every past version of the library still opens (P1-06): its stores grow, its records migrate, its acts can be undone. */
import { afterEach, expect, test } from 'vitest';

import type { Photo } from '#shared/schema/photo.ts';
import { openDatabase, type Database } from './db.ts';
import { readUndoable, undoLast } from './journal-log.ts';
import { addPhotos, readAllPhotos } from './photos.ts';
import { libraryDatabase as definition, type LibrarySchema } from './upgrades.ts';

const libraryDatabase = { ...definition, name: 'menagerie-library-upgrade-test' };
const AT = '2026-05-01T10:00:00.000Z';
const ID = '1'.padStart(64, '0');
const LION = { kind: 'sub-class', id: 'lion', by: 'Ada', at: AT };
/** As version 1 wrote it. */
const PHOTO_1 = {
  v: 1,
  id: ID,
  fileName: 'a.jpg',
  bytes: 10,
  width: 4,
  height: 3,
  source: 'file',
  addedAt: AT,
  addedBy: 'Ada',
  origin: 'real',
  label: LION,
  edits: { turn: 0, crop: null },
  faults: [],
  excluded: false,
  canonicalSize: 299,
  pixels: ID,
  hash: '0123456789abcdef',
};
const ACTS_1 = [
  { kind: 'create', label: 'sub-class', id: 'lion', name: 'Lion' },
  { kind: 'assign', changes: [{ photo: ID, before: null, after: LION }], name: 'Lion' },
];

let db: Database<LibrarySchema> | null = null;
afterEach(async () => {
  db?.close();
  await new Promise((done) => {
    indexedDB.deleteDatabase(libraryDatabase.name).onsuccess = done;
  });
});

test('a library of version 1 opens with its photos, and its acts can be undone', async () => {
  await writeVersion1();
  db = await openDatabase(libraryDatabase, () => undefined);
  const [photo] = (await readAllPhotos(db)).photos;
  expect(photo).toMatchObject({ v: 2, label: { id: 'lion' }, stamps: [] });
  expect(photo?.opinions).toEqual([{ by: 'Ada', at: AT, label: { kind: 'sub-class', id: 'lion' } }]);
  expect(await readUndoable(db)).toMatchObject({ undo: { kind: 'label', name: 'Lion', photos: 1 } });
  await undoLast(db);
  expect((await readAllPhotos(db)).photos[0]?.label).toBeNull();
  await undoLast(db);
  expect(await db.read(['subClasses'], (tx) => tx.objectStore('subClasses').count())).toBe(0);
});

test('a record of version 1 that nobody touched since is merged with what comes in', async () => {
  await writeVersion1();
  db = await openDatabase(libraryDatabase, () => undefined);
  const [old] = (await readAllPhotos(db)).photos;
  const theirs: Photo = {
    ...(old as Photo),
    opinions: [{ by: 'Ben', at: '2026-06-01T10:00:00.000Z', label: null }],
  };
  const item = {
    photo: theirs,
    image: new ArrayBuffer(1),
    thumb: new ArrayBuffer(1),
    known: 'merge',
  } as const;
  await addPhotos(db, [item], { subClasses: [], unknownLabels: [] });
  expect((await readAllPhotos(db)).photos[0]?.opinions.map((o) => o.by)).toEqual(['Ada', 'Ben']);
});

/** The stores as version 1 made them. */
function writeVersion1(): Promise<void> {
  return new Promise((done, fail) => {
    const request = indexedDB.open(libraryDatabase.name, 1);
    request.onerror = (): void => {
      fail(new Error('version 1 could not be made'));
    };
    request.onupgradeneeded = (): void => {
      const old = request.result;
      old.createObjectStore('photos', { keyPath: 'id' }).createIndex('label', 'label.id');
      for (const store of ['subClasses', 'unknownLabels', 'mergeRules', 'benchmarks', 'bin'])
        old.createObjectStore(store, { keyPath: 'id' });
      for (const store of ['images', 'thumbs', 'settings', 'canary']) old.createObjectStore(store);
      old.createObjectStore('journal', { autoIncrement: true });
    };
    request.onsuccess = (): void => {
      const tx = request.result.transaction(['photos', 'journal', 'subClasses'], 'readwrite');
      tx.objectStore('photos').put(PHOTO_1);
      tx.objectStore('subClasses').put({ v: 1, id: 'lion', name: 'Lion', createdAt: AT, createdBy: 'Ada' });
      for (const act of ACTS_1) tx.objectStore('journal').add({ v: 1, at: AT, by: 'Ada', act });
      tx.oncomplete = (): void => {
        request.result.close();
        done();
      };
    };
  });
}
