import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { labelKey, type PhotoId } from '#shared/schema/names.ts';
import { freshPhoto, type Label, type Photo } from '#shared/schema/photo.ts';
import { changeField, changeParts, createLabel, giveLabel, removePhotos } from './acts.ts';
import { emptyBin, readBin } from './bin.ts';
import { openChanges, type Change } from './changes.ts';
import { openDatabase, type Database, type DatabaseNews } from './db.ts';
import { historyOf, readUndoable, redoNext, undoLast } from './journal-log.ts';
import { mergeParts, readParts } from './parts.ts';
import { readPages } from './photo-pages.ts';
import { addPhotos, readAllPhotos, readBytes, type NewPhoto } from './photos.ts';
import { readSetting, writeSetting } from './settings.ts';
import { libraryDatabase as definition, type LibrarySchema } from './upgrades.ts';

/** Apart from the one that other tests of this origin use. */
const libraryDatabase = { ...definition, name: 'menagerie-library-storage-test' };

const AT = '2026-05-01T10:00:00.000Z';
const STAMP = { by: 'Ada', at: AT };
const NO_LABELS = { subClasses: [], unknownLabels: [] };
const LION: Label = { kind: 'sub-class', id: labelKey('Lion'), ...STAMP };

let news: DatabaseNews[] = [];
let db: Database<LibrarySchema>;

beforeEach(async () => {
  news = [];
  db = await reopen();
});

afterEach(async () => {
  vi.restoreAllMocks();
  db.close();
  await deleteDatabase();
});

describe('photos', () => {
  test('are stored whole: record, image and thumbnail together', async () => {
    const { added } = await addPhotos(db, [photo(1), photo(2)], NO_LABELS);
    expect(added).toHaveLength(2);
    expect((await readAllPhotos(db)).photos.map((p) => p.fileName).sort()).toEqual(['1.jpg', '2.jpg']);
    expect(new Uint8Array((await readBytes(db, 'images', id(1)))!)).toEqual(new Uint8Array([1, 1, 1]));
    expect((await readBytes(db, 'thumbs', id(2)))!.byteLength).toBe(1);
  });

  test('are known again by their content: nothing doubles, an empty label is filled, a given one never changed', async () => {
    await addPhotos(db, [photo(1)], NO_LABELS);
    const labelled = photo(1, { label: LION, opinions: [lionBy('Ben')] });
    const first = await addPhotos(db, [labelled], NO_LABELS);
    expect([first.added.length, first.known[0]?.label?.id]).toEqual([0, 'lion']);
    const other = photo(1, {
      opinions: [{ ...lionBy('Cleo'), label: { kind: 'sub-class', id: labelKey('Tiger') } }],
    });
    expect((await addPhotos(db, [other], NO_LABELS)).known[0]?.label?.id).toBe('lion');
  });

  test('whose image rotted are healed by adding them again', async () => {
    await addPhotos(db, [photo(1)], NO_LABELS);
    await db.write(['images'], (tx) => tx.objectStore('images').put(new ArrayBuffer(3), id(1)));
    await addPhotos(db, [photo(1)], NO_LABELS);
    expect(new Uint8Array((await readBytes(db, 'images', id(1)))!)).toEqual(new Uint8Array([1, 1, 1]));
  });

  test('whose record is damaged are set apart and spoil nothing', async () => {
    await addPhotos(db, [photo(1), photo(2)], NO_LABELS);
    const broken = { ...photo(2).photo, width: -1 };
    await db.write(['photos'], (tx) => tx.objectStore('photos').put(broken));
    const list = await readAllPhotos(db);
    expect([list.photos.length, list.damaged]).toEqual([1, [id(2)]]);
  });

  test('come newest first', async () => {
    await addPhotos(db, [photo(1, { addedAt: '2026-01-01T00:00:00.000Z' }), photo(2)], NO_LABELS);
    expect((await readAllPhotos(db)).photos.map((p) => p.fileName)).toEqual(['2.jpg', '1.jpg']);
  });
});

describe('pages of photos', () => {
  test('hold every record once, whatever its key, also where a page ends with its stretch of keys', async () => {
    const hashes = Array.from({ length: 40 }, (_, n) => ((n * 7) % 16).toString(16) + id(n).slice(1));
    const keys = [...hashes, '', '!', '0', '1', 'A', 'f', 'g', '\u{10ffff}', 12];
    await db.write(['photos'], (tx) =>
      Promise.all(keys.map((key) => tx.objectStore('photos').put({ id: key } as never))),
    );
    for (const size of [1, 2, 3, 2000]) {
      const found: unknown[] = [];
      await readPages(
        db,
        (page) => {
          expect(page.length).toBeLessThanOrEqual(size);
          found.push(...page.map((photo) => photo.id));
        },
        size,
      );
      expect(found.length).toBe(keys.length);
      expect(new Set(found)).toEqual(new Set(keys));
    }
  });
});

describe('saved means that the transaction is complete', () => {
  test('a full disk refuses the batch whole, by name, and keeps what was there', async () => {
    await addPhotos(db, [photo(1)], NO_LABELS);
    failOnPut(4, 'QuotaExceededError');
    await expect(addPhotos(db, [photo(2), photo(3)], NO_LABELS)).rejects.toMatchObject({ fault: 'full' });
    vi.restoreAllMocks();
    expect((await readAllPhotos(db)).photos).toHaveLength(1);
    expect(await readBytes(db, 'images', id(2))).toBeNull();
  });

  test('an abort half-way (a kill, a crash) leaves no half photo', async () => {
    const half = db.write(['photos', 'images'], async (tx) => {
      await tx.objectStore('photos').put(photo(1).photo);
      tx.abort();
      await tx.objectStore('images').put(photo(1).image, id(1));
    });
    await expect(half).rejects.toThrow();
    expect((await readAllPhotos(db)).photos).toEqual([]);
  });

  test('writes are strict: a power cut loses nothing that was acknowledged', async () => {
    const spy = vi.spyOn(IDBDatabase.prototype, 'transaction');
    await addPhotos(db, [photo(1)], NO_LABELS);
    expect(spy.mock.calls[0]?.[2]).toEqual({ durability: 'strict' });
  });
});

describe('acts can be undone, also after a reload', () => {
  test('labelling, removing and creating are taken back in turn', async () => {
    await addPhotos(db, [photo(1), photo(2)], NO_LABELS);
    await createLabel(db, { kind: 'sub-class', id: LION.id, name: 'Lion' }, STAMP);
    await giveLabel(db, [id(1), id(2)], LION, 'Lion', STAMP);
    await removePhotos(db, [id(1)], STAMP);
    db.close();
    db = await reopen();

    const kinds: string[] = [];
    for (let act = (await readUndoable(db)).undo; act; act = (await readUndoable(db)).undo) {
      kinds.push(`${act.kind} ${act.name} ${String(act.photos)}`);
      await undoLast(db);
    }
    expect(kinds).toEqual(['remove  1', 'label Lion 2', 'create Lion 0']);
    const { photos } = await readAllPhotos(db);
    expect(photos.map((p) => p.label)).toEqual([null, null]);
    expect((await readParts(db)).subClasses).toEqual([]);

    for (let i = 0; i < 3; i++) await redoNext(db);
    expect((await readAllPhotos(db)).photos.map((p) => p.label?.id)).toEqual(['lion']);
    expect((await readUndoable(db)).redo).toBeNull();
  });

  test('what was taken back can be done again only until something else is done', async () => {
    await addPhotos(db, [photo(1)], NO_LABELS);
    await giveLabel(db, [id(1)], LION, 'Lion', STAMP);
    await undoLast(db);
    await changeField(db, [id(1)], { kind: 'origin', origin: 'staged' }, STAMP);
    expect(await readUndoable(db)).toMatchObject({ undo: { kind: 'origin' }, redo: null });
    expect(await redoNext(db)).toEqual([]);
  });

  test('a fault keeps the photo out of training, in the same act; both come back together (P1-19)', async () => {
    await addPhotos(db, [photo(1)], NO_LABELS);
    await changeField(db, [id(1)], { kind: 'faults', add: ['blurry', 'too-far'], remove: [] }, STAMP);
    const [faulty] = (await readAllPhotos(db)).photos;
    expect([faulty?.faults, faulty?.excluded]).toEqual([['blurry', 'too-far'], true]);
    await changeField(db, [id(1)], { kind: 'faults', add: [], remove: ['blurry', 'too-far'] }, STAMP);
    expect((await readAllPhotos(db)).photos[0]?.excluded).toBe(false);
    await undoLast(db);
    await undoLast(db);
    expect((await readAllPhotos(db)).photos[0]).toMatchObject({ faults: [], excluded: false, stamps: [] });
  });

  test('undoing gives back one person’s opinion and leaves everybody else’s', async () => {
    await addPhotos(db, [photo(1)], NO_LABELS);
    await giveLabel(db, [id(1)], LION, 'Lion', STAMP);
    const theirs = photo(1, {
      opinions: [{ by: 'Ben', at: AT, label: { kind: 'sub-class', id: labelKey('Tiger') } }],
    });
    await addPhotos(db, [{ ...theirs, known: 'merge' }], NO_LABELS);
    await undoLast(db);
    const [left] = (await readAllPhotos(db)).photos;
    expect([left?.label?.id, left?.opinions.map((o) => o.by)]).toEqual(['tiger', ['Ben']]);
  });

  test('the history of a photo tells who did what, newest first, also what was taken back', async () => {
    await addPhotos(db, [photo(1), photo(2)], NO_LABELS);
    await giveLabel(db, [id(1), id(2)], LION, 'Lion', STAMP);
    await removePhotos(db, [id(1)], { ...STAMP, by: 'Ben' });
    await undoLast(db);
    const history = await historyOf(db, id(1));
    expect(history.map((h) => [h.by, h.act.kind, h.undone])).toEqual([
      ['Ben', 'remove', true],
      ['Ada', 'label', false],
    ]);
    expect(history[1]?.act.patches).toHaveLength(1);
  });

  test('rules, benchmarks and settings are changed and taken back as whole records', async () => {
    const rule = { v: 1, id: labelKey('cat'), name: 'Cat', subClasses: [labelKey('lion')], note: '' };
    const words = { kind: 'merge', name: 'Cat', photos: 0 } as const;
    await changeParts(db, words, [{ store: 'mergeRules', key: rule.id, after: rule }], STAMP);
    expect((await readParts(db)).mergeRules.map((r) => r.name)).toEqual(['Cat']);
    await undoLast(db);
    expect((await readParts(db)).mergeRules).toEqual([]);
  });

  test('photos get each their own label in one act, a new one among them, and lose it in one (P4-22)', async () => {
    await addPhotos(db, [photo(1), photo(2), photo(3)], NO_LABELS);
    const given = (n: number, label: string) => ({
      ids: [id(n)],
      label: { kind: 'sub-class', id: labelKey(label) } as const,
    });
    const tiger = { v: 2, id: labelKey('tiger'), name: 'Tiger', createdAt: AT, createdBy: 'Ada', flop: true };
    const words = { kind: 'label', name: 'Lion, Tiger', photos: 2 } as const;
    const parts = [{ store: 'subClasses', key: tiger.id, after: tiger }] as const;
    await changeParts(db, words, parts, STAMP, given(1, 'lion'), given(2, 'tiger'));
    const labels = async () => (await readAllPhotos(db)).photos.map((p) => p.label?.id).sort();
    expect(await labels()).toEqual(['lion', 'tiger', undefined]);
    await undoLast(db);
    expect(await labels()).toEqual([undefined, undefined, undefined]);
    expect((await readParts(db)).subClasses).toEqual([]);
  });

  test('the bin lists what was removed; emptied, it is gone with its bytes', async () => {
    await addPhotos(db, [photo(1), photo(2)], NO_LABELS);
    await removePhotos(db, [id(1)], STAMP);
    expect((await readBin(db)).map((b) => b.id)).toEqual([id(1)]);
    await emptyBin(db);
    expect([await readBin(db), await readBytes(db, 'images', id(1))]).toEqual([[], null]);
    expect(await readBytes(db, 'images', id(2))).not.toBeNull();
  });

  test('a removed photo comes back with its image, and adding it again brings it back too', async () => {
    await addPhotos(db, [photo(1)], NO_LABELS);
    await removePhotos(db, [id(1)], STAMP);
    expect((await readAllPhotos(db)).photos).toEqual([]);
    expect((await addPhotos(db, [photo(1)], NO_LABELS)).added).toHaveLength(1);
    await undoLast(db);
    expect((await readAllPhotos(db)).photos).toHaveLength(1);
    expect(await readBytes(db, 'images', id(1))).not.toBeNull();
  });

  test('a label that photos wear by now is not uncreated', async () => {
    await createLabel(db, { kind: 'sub-class', id: LION.id, name: 'Lion' }, STAMP);
    await addPhotos(db, [photo(1, { label: LION })], NO_LABELS);
    await undoLast(db);
    expect((await readParts(db)).subClasses.map((s) => s.name)).toEqual(['Lion']);
  });
});

describe('two tabs', () => {
  test('hear of each other’s changes, not of their own', async () => {
    const heard: Change[] = [];
    const mine = openChanges((echo) => heard.push(echo));
    const theirs = await new Promise<Change>((done) => {
      const other = openChanges((change) => {
        other.close();
        done(change);
      });
      mine.tell({ photos: ['a'], parts: false });
    });
    mine.close();
    expect([theirs, heard]).toEqual([{ photos: ['a'], parts: false }, []]);
  });

  test('an old tab gives way to a newer version, says so, and its writes fail by name', async () => {
    const newer = await openDatabase(
      { ...libraryDatabase, version: libraryDatabase.version + 1, upgrade: () => undefined },
      () => undefined,
    );
    expect(news).toEqual(['outdated']);
    await expect(writeSetting(db, 'person', 'Ada')).rejects.toMatchObject({ fault: 'gone' });
    newer.close();
    await expect(openDatabase(libraryDatabase, () => undefined)).rejects.toMatchObject({ fault: 'newer' });
  });

  test('a new tab is told when an old one is in the way', async () => {
    const stubborn = await rawOpen('menagerie-blocked', 1);
    const told: DatabaseNews[] = [];
    const newer = { name: 'menagerie-blocked', version: 3, upgrade: () => undefined };
    const opening = openDatabase(newer, (item) => {
      told.push(item);
      stubborn.close();
    });
    (await opening).close();
    expect(told).toEqual(['blocked']);
    indexedDB.deleteDatabase('menagerie-blocked');
  });
});

describe('parts and settings', () => {
  test('what an export brings along is added once; what is there stays', async () => {
    const parts = {
      subClasses: [{ v: 2 as const, id: LION.id, name: 'Lion', createdAt: AT, createdBy: '', flop: false }],
      unknownLabels: [],
      mergeRules: [{ v: 1 as const, id: labelKey('Cat'), name: 'Cat', subClasses: [LION.id], note: 'x' }],
      benchmarks: [],
      confused: { v: 1 as const, pairs: [{ truth: LION.id, predicted: labelKey('tiger'), weight: 0.5 }] },
    };
    await mergeParts(db, parts);
    const louder = parts.subClasses.map((label) => ({ ...label, name: 'LION' }));
    await mergeParts(db, { ...parts, subClasses: louder });
    expect(await readParts(db)).toEqual(parts);
  });

  test('a damaged setting counts as not set', async () => {
    await db.write(['settings'], (tx) => tx.objectStore('settings').put(12, 'person'));
    expect(await readSetting(db, 'person')).toBe('');
    await writeSetting(db, 'person', 'Ada');
    expect(await readSetting(db, 'person')).toBe('Ada');
  });
});

function reopen(): Promise<Database<LibrarySchema>> {
  return openDatabase(libraryDatabase, (item) => news.push(item));
}

function deleteDatabase(): Promise<void> {
  return new Promise((done) => {
    indexedDB.deleteDatabase(libraryDatabase.name).onsuccess = () => {
      done();
    };
  });
}

function rawOpen(name: string, version: number): Promise<IDBDatabase> {
  return new Promise((done) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => {
      done(request.result);
    };
  });
}

/** The n-th put meets a disk without room. */
function failOnPut(n: number, name: string): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const put = IDBObjectStore.prototype.put;
  let count = 0;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    count += 1;
    if (count >= n) throw new DOMException('injected', name);
    return put.call(this, value, key);
  });
}

function lionBy(by: string): Photo['opinions'][number] {
  return { by, at: AT, label: { kind: 'sub-class', id: LION.id } };
}

function id(n: number): PhotoId {
  return n.toString(16).padStart(64, '0') as PhotoId;
}

function photo(n: number, changes: Partial<Photo> = {}): NewPhoto {
  return {
    photo: {
      ...freshPhoto({
        id: id(n),
        fileName: `${String(n)}.jpg`,
        bytes: 10,
        width: 4,
        height: 3,
        source: 'file',
        addedAt: AT,
        addedBy: '',
        origin: 'real',
        label: null,
        canonicalSize: 299,
        pixels: id(n),
        hash: '0123456789abcdef',
      }),
      ...changes,
    },
    image: new Uint8Array([n, n, n]).buffer,
    thumb: new Uint8Array([n]).buffer,
    known: 'fill',
  };
}
