import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { labelKey } from '#shared/schema/names.ts';
import { openDatabase } from '../storage/db.ts';
import { mergeParts, readParts } from '../storage/parts.ts';
import { readAllPhotos } from '../storage/photos.ts';
import { libraryDatabase } from '../storage/upgrades.ts';
import { fileAt, noise, pngHead, quarters } from '../workers/testing/pictures.ts';
import { createLibrary } from './library.svelte.ts';
import type { LibraryState } from './contract.ts';

const REAL = { labelByFolder: true, origin: 'real' } as const;
const AT = '2026-05-01T10:00:00.000Z';

let folder: FileSystemDirectoryHandle;

beforeEach(async () => {
  const root = await navigator.storage.getDirectory();
  folder = await root.getDirectoryHandle('exports', { create: true });
  Object.assign(window, { showDirectoryPicker: () => Promise.resolve(folder) });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await (await navigator.storage.getDirectory()).removeEntry('exports', { recursive: true });
});

describe('import', () => {
  test('takes photos with their folders’ labels and names every bad file, keeping the rest', async () => {
    const library = await emptyLibrary();
    library.person = 'Ada';
    await library.importFiles(
      [
        fileAt('zoo/Red Panda/1.jpg', await quarters()),
        fileAt('zoo/Lion/2.png', await noise(2)),
        fileAt('zoo/Lion/empty.jpg', new Uint8Array(0)),
        fileAt('zoo/Lion/text.jpg', 'not a photo at all'),
        fileAt('zoo/Lion/huge.png', pngHead(30_000, 30_000)),
      ],
      REAL,
    );
    const job = library.importJob;
    if (job.kind !== 'finished') throw new Error(JSON.stringify(job));
    expect([job.done, job.total, job.known]).toEqual([5, 5, 0]);
    expect(job.problems.map((p) => p.file).sort()).toEqual([
      'zoo/Lion/empty.jpg',
      'zoo/Lion/huge.png',
      'zoo/Lion/text.jpg',
    ]);
    expect(library.subClasses.map((s) => s.name).sort()).toEqual(['Lion', 'Red Panda']);
    expect(library.photos.map((p) => [p.label?.id, p.label?.by]).sort()).toEqual([
      ['lion', 'Ada'],
      ['red panda', 'Ada'],
    ]);
    expect(await library.thumbnail(library.photos[0]!.id)).toMatch(/^blob:/);
  });

  test('the same photos again add nothing', async () => {
    const library = await emptyLibrary();
    const files = [fileAt('1.jpg', await quarters()), fileAt('2.png', await noise(2))];
    await library.importFiles(files, REAL);
    await library.importFiles(files, REAL);
    expect(library.importJob).toMatchObject({ kind: 'finished', done: 2, known: 2, problems: [] });
    expect(library.photos).toHaveLength(2);
  });

  test('a cancelled import leaves whole photos only, and can be repeated', async () => {
    const library = await emptyLibrary();
    const files = await Promise.all(Array.from({ length: 24 }, async (_, i) => fileAt(`${String(i)}.png`, await noise(i))));
    const running = library.importFiles(files, REAL);
    await vi.waitFor(() => {
      expect(library.importJob).toMatchObject({ kind: 'running' });
    });
    library.cancelImport();
    await running;
    expect(library.importJob.kind).toBe('cancelled');
    for (const photo of library.photos) URL.revokeObjectURL(await library.image(photo.id));
    await library.importFiles(files, REAL);
    expect(library.photos).toHaveLength(24);
  });

  test('a full disk is said plainly; what fitted is kept and the rest can follow', async () => {
    const library = await emptyLibrary();
    const files = await Promise.all(Array.from({ length: 6 }, async (_, i) => fileAt(`${String(i)}.png`, await noise(i))));
    fullAfter(3);
    await library.importFiles(files, REAL);
    expect(library.importJob).toMatchObject({ kind: 'failed', message: expect.stringContaining('no room left') as string });
    vi.restoreAllMocks();
    expect(library.photos).toHaveLength(3);
    await library.importFiles(files, REAL);
    expect(library.photos).toHaveLength(6);
  });
});

describe('export and import', () => {
  test('the way there and back loses nothing, and a second import adds nothing', async () => {
    const library = await emptyLibrary();
    await library.importFiles(
      [
        fileAt('zoo/Red Panda/1.jpg', await quarters()),
        fileAt('zoo/Lion/2.png', await noise(2)),
        fileAt('zoo/3.png', await noise(3)),
      ],
      REAL,
    );
    const bird = await library.createLabel('unknown', 'Unknown Bird');
    const unlabelled = library.photos.find((p) => p.fileName === '3.png')!;
    await library.assign([unlabelled.id], bird);
    await addEverything(library);
    const before = await contents();
    await library.exportLibrary('My zoo');
    expect(library.exportJob).toMatchObject({ kind: 'finished', done: 3, problems: [] });
    expect(library.lastExportAt).not.toBeNull();
    const shards = await exportedFiles();
    expect(shards.map((file) => file.name)).toEqual(['My zoo-001-of-001.zip']);

    const other = await emptyLibrary();
    await other.importFiles(shards, { labelByFolder: false, origin: 'synthetic' });
    expect(other.importJob).toMatchObject({ kind: 'finished', done: 3, known: 0, problems: [] });
    expect(await contents()).toEqual(before);
    await other.importFiles(shards, REAL);
    expect(other.importJob).toMatchObject({ kind: 'finished', done: 3, known: 3, problems: [] });
    expect(await contents()).toEqual(before);
  });

  test('an image that rotted on the device is named and left out; the rest is exported', async () => {
    const library = await emptyLibrary();
    await library.importFiles([fileAt('1.png', await noise(1)), fileAt('2.png', await noise(2))], REAL);
    const victim = library.photos.find((p) => p.fileName === '1.png')!;
    await writeImage(victim.id, await noise(9));
    await library.exportLibrary('zoo');
    expect(library.exportJob).toMatchObject({ kind: 'finished', done: 1, problems: [{ file: '1.png' }] });
  });
});

test('labels, removal and undo show in the list, and survive a reload', async () => {
  const library = await emptyLibrary();
  await library.importFiles([fileAt('1.png', await noise(1)), fileAt('2.png', await noise(2))], REAL);
  const lion = await library.createLabel('sub-class', '  Lion ');
  expect(await library.createLabel('sub-class', 'LION')).toEqual(lion);
  await library.assign(library.photos.map((p) => p.id), lion);
  await library.remove([library.photos[0]!.id]);
  expect([library.photos.length, library.undoable]).toEqual([1, '1 photo removed']);
  const reloaded = createLibrary();
  await reloaded.open();
  await reloaded.undo();
  expect(reloaded.photos.map((p) => p.label?.id)).toEqual(['lion', 'lion']);
  await vi.waitFor(() => {
    expect(library.photos).toHaveLength(2);
  });
});

/** A library over an emptied database. */
async function emptyLibrary(): Promise<LibraryState> {
  const db = await openDatabase(libraryDatabase, () => undefined);
  const stores = ['photos', 'images', 'thumbs', 'subClasses', 'unknownLabels', 'mergeRules'] as const;
  const more = ['benchmarks', 'settings', 'journal', 'bin'] as const;
  await db.write([...stores, ...more], async (tx) => {
    for (const store of [...stores, ...more]) await tx.objectStore(store).clear();
  });
  db.close();
  const library = createLibrary();
  await library.open();
  expect(library.status).toEqual({ kind: 'ready' });
  return library;
}

/** All that an export must carry. */
async function contents(): Promise<unknown> {
  const db = await openDatabase(libraryDatabase, () => undefined);
  const { photos } = await readAllPhotos(db);
  const parts = await readParts(db);
  db.close();
  return { photos, parts };
}

/** A merge rule, a benchmark and a confused pair, which have no page yet. */
async function addEverything(library: LibraryState): Promise<void> {
  const db = await openDatabase(libraryDatabase, () => undefined);
  const [lion, panda] = [labelKey('lion'), labelKey('red panda')];
  const photo = library.photos[0]!.id;
  await mergeParts(db, {
    subClasses: [],
    unknownLabels: [],
    mergeRules: [{ v: 1, id: labelKey('Furry'), name: 'Furry', subClasses: [lion, panda], note: 'both furry' }],
    benchmarks: [
      { v: 1, id: labelKey('Hard'), name: 'Hard', kind: 'difficult', frozenAt: AT, items: [{ photo, truth: lion }] },
    ],
    confused: { v: 1, pairs: [{ truth: lion, predicted: panda, weight: 0.5 }] },
  });
  db.close();
}

async function writeImage(id: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const db = await openDatabase(libraryDatabase, () => undefined);
  await db.write(['images'], (tx) => tx.objectStore('images').put(bytes.buffer, id));
  db.close();
}

async function exportedFiles(): Promise<File[]> {
  const files: File[] = [];
  const entries = (folder as unknown as { values: () => AsyncIterable<FileSystemFileHandle> }).values();
  for await (const handle of entries) files.push(await handle.getFile());
  return files;
}

/** The device takes this many images, then has no room. */
function fullAfter(images: number): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const put = IDBObjectStore.prototype.put;
  const stored = new Set<unknown>();
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (this.name === 'images' && !stored.has(key)) {
      // A batch that is refused whole frees what it had taken.
      if (stored.size >= images) {
        stored.clear();
        throw new DOMException('injected', 'QuotaExceededError');
      }
      stored.add(key);
    }
    return put.call(this, value, key);
  });
}
