import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { labelKey, type PhotoId } from '#shared/schema/names.ts';
import { freshPhoto, type Photo } from '#shared/schema/photo.ts';
import { readBin } from './bin.ts';
import { openDatabase, type Database } from './db.ts';
import { readDecisions, settleDuplicates } from './duplicate-acts.ts';
import { readUndoable, redoNext, undoLast } from './journal-log.ts';
import { addPhotos, readAllPhotos } from './photos.ts';
import { libraryDatabase as definition, type LibrarySchema } from './upgrades.ts';

const libraryDatabase = { ...definition, name: 'menagerie-library-duplicates-test' };
const AT = '2026-05-01T10:00:00.000Z';
const STAMP = { by: 'Ada', at: '2026-06-01T10:00:00.000Z' };
const TIGER = { kind: 'sub-class' as const, id: labelKey('Tiger') };

let db: Database<LibrarySchema>;

beforeEach(async () => {
  db = await openDatabase(libraryDatabase, () => undefined);
  await addPhotos(
    db,
    [photo(1, 'Lion', 'Ben'), photo(2, 'Tiger', 'Cleo'), photo(3, null, '')].map((p) => ({
      photo: p,
      image: new ArrayBuffer(1),
      thumb: new ArrayBuffer(1),
      known: 'fill' as const,
    })),
    { subClasses: [], unknownLabels: [] },
  );
});

afterEach(async () => {
  db.close();
  await new Promise<void>((done) => {
    indexedDB.deleteDatabase(libraryDatabase.name).onsuccess = () => {
      done();
    };
  });
});

test('one act: the kept takes over opinions, the others go to the bin, the decision stays; undo brings all back (P2-34)', async () => {
  const before = await all();
  await settleDuplicates(db, [{ photos: [id(1), id(2), id(3)], keep: [id(3)], label: TIGER }], STAMP);
  const [kept] = await all();
  expect(kept?.opinions.map((o) => [o.by, o.label?.id])).toEqual([
    ['Ben', 'lion'],
    ['Cleo', 'tiger'],
  ]);
  expect(kept?.label).toMatchObject({ id: 'tiger', by: 'Cleo' });
  expect((await readBin(db)).map((b) => b.id).sort()).toEqual([id(1), id(2)]);
  expect((await readDecisions(db)).map((d) => [d.kind, d.photos])).toEqual([
    ['dropped', [id(3), id(1), id(2)]],
  ]);
  expect((await readUndoable(db)).undo).toEqual({ kind: 'duplicates', name: '', photos: 3 });

  await undoLast(db);
  expect(await all()).toEqual(before);
  expect(await readBin(db)).toEqual([]);
  expect(await readDecisions(db)).toEqual([]);
  await redoNext(db);
  expect(await all()).toEqual([kept]);
});

test('a label that was called right is the person’s own opinion where nobody’s newest says so', async () => {
  const label = { kind: 'sub-class' as const, id: labelKey('Lion') };
  await settleDuplicates(db, [{ photos: [id(1), id(2)], keep: [id(2)], label }], STAMP);
  const kept = (await all()).find((p) => p.id === id(2));
  expect(kept?.label).toMatchObject({ id: 'lion', by: 'Ada' });
  expect(kept?.opinions).toHaveLength(3);
});

test('several kept are remembered as different and nothing else changes', async () => {
  const before = await all();
  await settleDuplicates(db, [{ photos: [id(1), id(2)], keep: [id(1), id(2)], label: null }], STAMP);
  expect(await all()).toEqual(before);
  expect((await readDecisions(db)).map((d) => d.kind)).toEqual(['keep-all']);
});

test('a group whose kept photo is gone is passed over: never all are dropped', async () => {
  await settleDuplicates(db, [{ photos: [id(1), id(9)], keep: [id(9)], label: null }], STAMP);
  expect(await all()).toHaveLength(3);
  expect((await readUndoable(db)).undo).toBeNull();
});

test('an act that is cut off in the middle leaves nothing behind', async () => {
  const before = await all();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (this.name === 'bin') throw new DOMException('injected', 'AbortError');
    return put.call(this, value, key);
  });
  const settling = settleDuplicates(db, [{ photos: [id(1), id(2)], keep: [id(1)], label: null }], STAMP);
  await expect(settling).rejects.toThrow();
  vi.restoreAllMocks();
  expect(await all()).toEqual(before);
  expect(await readDecisions(db)).toEqual([]);
});

async function all(): Promise<Photo[]> {
  return (await readAllPhotos(db)).photos.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function id(n: number): PhotoId {
  return n.toString(16).padStart(64, '0') as PhotoId;
}

function photo(n: number, label: string | null, by: string): Photo {
  return freshPhoto({
    id: id(n),
    fileName: `${String(n)}.jpg`,
    bytes: 10,
    width: 4,
    height: 3,
    source: 'file',
    addedAt: AT,
    addedBy: by,
    origin: 'real',
    label:
      label === null
        ? null
        : { kind: 'sub-class', id: labelKey(label), by, at: `2026-05-0${String(n)}T10:00:00.000Z` },
    canonicalSize: 299,
    pixels: id(n),
    hash: '0123456789abcdef',
  });
}
