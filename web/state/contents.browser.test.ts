/** What is read again after an act of this tab, and after one of another. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { photo } from '#shared/testing/library.ts';
import { DEFAULT_DATA_SET_OPTIONS } from '#shared/schema/dataset.ts';
import { openDatabase } from '../storage/db.ts';
import { addPhotos } from '../storage/photos.ts';
import { libraryDatabase } from '../storage/upgrades.ts';
import type { LibraryState } from './contract.ts';
import { createLibrary } from './library.svelte.ts';

const [ONE, TWO] = [photo(1, null), photo(2, null)];
const PARTS = ['subClasses', 'unknownLabels', 'mergeRules', 'benchmarks', 'settings'] as const;

let library: LibraryState;
let other: LibraryState;

beforeEach(async () => {
  const db = await openDatabase(libraryDatabase, () => undefined);
  const stores = [...PARTS, 'photos', 'images', 'thumbs', 'journal', 'bin'] as const;
  await db.write([...stores], async (tx) => {
    for (const store of stores) await tx.objectStore(store).clear();
  });
  const bytes = new ArrayBuffer(8);
  const batch = [ONE, TWO].map((of) => ({ photo: of, image: bytes, thumb: bytes, known: 'fill' }) as const);
  await addPhotos(db, batch, { subClasses: [], unknownLabels: [] });
  db.close();
  [library, other] = [createLibrary(), createLibrary()];
  await Promise.all([library.open(), other.open()]);
  library.person = 'Ada';
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Stores that were read, each once, while `work` was done. */
async function storesRead(work: () => Promise<unknown>): Promise<string[]> {
  const spy = vi.spyOn(IDBDatabase.prototype, 'transaction');
  await work();
  const read = spy.mock.calls
    .filter(([, mode]) => mode === 'readonly')
    .flatMap(([stores]) => (typeof stores === 'string' ? [stores] : [...stores]));
  spy.mockRestore();
  return [...new Set(read)].sort();
}

test('an act on photos reads these photos and the journal’s end, no labels, rules or settings', async () => {
  const lion = await library.createLabel('sub-class', 'Lion');
  await vi.waitFor(() => {
    expect(other.subClasses).toHaveLength(1);
  });
  const fault = { kind: 'faults', add: ['blurry'], remove: [] } as const;
  const acts = [
    () => library.assign([ONE.id], lion),
    () => library.change([ONE.id], fault as never),
    () => library.remove([TWO.id]),
    () => library.restore([TWO.id]),
  ];
  for (const act of acts) expect(await storesRead(act)).toEqual(['journal', 'photos']);
  expect(library.photo(ONE.id)).toMatchObject({ label: { id: 'lion' }, faults: ['blurry'] });
  expect(library.undoable).toMatchObject({ kind: 'restore' });
});

test('an act on labels reads these too, and so does undoing any act', async () => {
  const created = await storesRead(() => library.createLabel('sub-class', 'Lion'));
  expect(created).toEqual(expect.arrayContaining([...PARTS]));
  expect(library.subClasses.map((label) => label.name)).toEqual(['Lion']);
  await library.undo();
  expect(library.subClasses).toEqual([]);
});

test('another tab sees what this one did: photos, labels and settings', async () => {
  const lion = await library.createLabel('sub-class', 'Lion');
  await library.assign([ONE.id, TWO.id], lion);
  await library.remove([TWO.id]);
  await library.keepPlanOptions({ ...DEFAULT_DATA_SET_OPTIONS, minimum: 7 });
  await vi.waitFor(() => {
    expect(other.photos.map((p) => p.label?.id)).toEqual(['lion']);
    expect(other.subClasses.map((label) => label.name)).toEqual(['Lion']);
    expect(other.planOptions.minimum).toBe(7);
    expect(other.undoable).toMatchObject({ kind: 'remove' });
  });
});

test('a tab of an older build tells of photos alone: everything is read again', async () => {
  const db = await openDatabase(libraryDatabase, () => undefined);
  const label = { v: 2, id: 'okapi', name: 'Okapi', createdAt: ONE.addedAt, createdBy: '', flop: true };
  await db.write(['subClasses'], (tx) => tx.objectStore('subClasses').put(label as never));
  db.close();
  const channel = new BroadcastChannel('menagerie-library');
  channel.postMessage({ photos: [] });
  await vi.waitFor(() => {
    expect(library.subClasses.map((one) => one.name)).toEqual(['Okapi']);
  });
  channel.close();
});

test('what another tab stores while this one opens is there in the end', async () => {
  const lion = await library.createLabel('sub-class', 'Lion');
  const late = createLibrary();
  const opening = late.open();
  await library.assign([ONE.id], lion);
  await opening;
  await vi.waitFor(() => {
    expect(late.photo(ONE.id)?.label?.id).toBe('lion');
    expect(late.subClasses).toHaveLength(1);
  });
});
