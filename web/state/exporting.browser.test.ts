/** Exports that are cut short, gone on with, checked and read back (requirements of the issue on the library). */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { DEFAULT_DATA_SET_OPTIONS } from '#shared/schema/dataset.ts';
import { LIBRARY_FILE } from '#shared/archive/layout.ts';
import { readLibrary } from '#shared/schema/library.ts';
import { sha256 } from '../platform/hash.ts';
import { openDatabase } from '../storage/db.ts';
import { readExportFolder, writeExportFolder, type ExportPlan } from '../storage/export-plan.ts';
import { readAllPhotos } from '../storage/photos.ts';
import { writeSetting } from '../storage/settings.ts';
import { libraryDatabase } from '../storage/upgrades.ts';
import { fileAt, noise } from '../workers/testing/pictures.ts';
import { openZip } from '../workers/zip.ts';
import type { LibraryState } from './contract.ts';
import { fingerprintOf, readContent } from './export-plan.ts';
import { createLibrary } from './library.svelte.ts';

const REAL = { labelByFolder: true, origin: 'real' } as const;

let folder: FileSystemDirectoryHandle;

beforeEach(async () => {
  const root = await navigator.storage.getDirectory();
  folder = await root.getDirectoryHandle('exporting', { create: true });
  Object.assign(window, { showDirectoryPicker: () => Promise.resolve(folder) });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await (await navigator.storage.getDirectory()).removeEntry('exporting', { recursive: true });
});

test('what was cut short is gone on with: whole parts stay as they are, spoilt and missing ones are written', async () => {
  const library = await libraryOf(4);
  await library.exportLibrary('zoo');
  await cutShort(WHOLE, { perShard: 1, done: [1, 2, 3] });

  const again = await reopened();
  expect(again.unfinishedExport).toMatchObject({ name: 'zoo', done: 3, of: 4 });
  await again.resumeExport();
  expect(again.exportJob).toMatchObject({ kind: 'finished', done: 4, problems: [] });
  expect(again.unfinishedExport).toBeNull();
  expect(await names()).toEqual(
    ['1', '2', '3', '4']
      .map((n) => `zoo-00${n}-of-004.zip`)
      .concat(WHOLE)
      .sort(),
  );

  const second = await bytesOf('zoo-002-of-004.zip');
  await write('zoo-003-of-004.zip', (await bytesOf('zoo-003-of-004.zip')).fill(0, 40, 60));
  await folder.removeEntry('zoo-004-of-004.zip');
  await write('zoo-004-of-004.zip.part', new Uint8Array(10));
  await cutShort('zoo-001-of-004.zip', { perShard: 1, done: [1, 2, 3, 4] });
  const third = await reopened();
  await third.resumeExport();
  expect(third.exportJob).toMatchObject({ kind: 'finished', done: 4, problems: [] });
  expect(third.exportRestarted).toBe(false);
  expect(await sha256(await bytesOf('zoo-002-of-004.zip'))).toBe(await sha256(second));
  const shards = (await names()).filter((name) => name !== WHOLE);
  await expectReadsBack(shards, 4);
});

test('a library that changed since begins afresh, and says so', async () => {
  const library = await libraryOf(2);
  await library.exportLibrary('zoo');
  await cutShort(WHOLE, { perShard: 1, done: [1] });
  const again = await reopened();
  await again.importFiles([fileAt('zoo/Lion/late.png', await noise(90))], REAL);
  await again.resumeExport();
  expect(again.exportJob).toMatchObject({ kind: 'finished', done: 3 });
  expect(again.exportRestarted).toBe(true);
  await expectReadsBack([WHOLE], 3);
});

test('a stopped export leaves nothing that looks whole, and can be forgotten', async () => {
  const library = await libraryOf(40);
  const running = library.exportLibrary('zoo');
  const begun = async (): Promise<void> => {
    expect(await names()).toContain(`${WHOLE}.part`);
  };
  await vi.waitFor(begun, { timeout: 20_000, interval: 5 });
  library.cancelExport();
  await running;
  expect(library.exportJob.kind).toBe('cancelled');
  expect(await names()).not.toContain(WHOLE);
  expect(library.unfinishedExport).toMatchObject({ name: 'zoo', done: 0, of: 1 });
  await library.forgetExport();
  expect(library.unfinishedExport).toBeNull();
  const db = await openDatabase(libraryDatabase, () => undefined);
  expect(await readExportFolder(db)).toBeNull();
  db.close();
});

test('a part that comes back from the disk otherwise than it was written is not called exported', async () => {
  const library = await libraryOf(2);
  await library.exportLibrary('zoo');
  const bytes = await bytesOf(WHOLE);
  for (const at of [35, Math.floor(bytes.length / 2), bytes.length - 60]) {
    const spoilt = bytes.slice();
    spoilt[at] = (spoilt[at] ?? 0) ^ 4;
    await write(WHOLE, bytes);
    await cutShort(WHOLE, { perShard: 2000, done: [1] });
    await write(WHOLE, spoilt);
    const again = await reopened();
    await again.resumeExport();
    expect(again.exportJob).toMatchObject({ kind: 'finished', done: 2 });
    expect(await sha256(await bytesOf(WHOLE))).toBe(await sha256(bytes));
  }
});

test('without a folder the parts are downloaded one by one and nothing stays behind', async () => {
  Reflect.deleteProperty(window, 'showDirectoryPicker');
  const files = catchDownloads();
  const library = await libraryOf(3);
  await library.exportLibrary('zoo');
  expect(library.exportJob).toMatchObject({ kind: 'finished', done: 3, problems: [] });
  expect(files.map((file) => file.name)).toEqual([WHOLE]);
  const other = await libraryOf(0);
  await other.importFiles(files, REAL);
  expect(other.importJob).toMatchObject({ kind: 'finished', done: 3, problems: [] });
});

test('guidance, the plan and decisions on look-alikes travel along, and hold where the photos go (P2-34, P2-36, P6-09)', async () => {
  const library = await libraryOf(3);
  library.person = 'Ada';
  const ids = library.photos.map((photo) => photo.id);
  await library.setGuidance({ v: 1, text: 'From the side', good: [ids[0]!], bad: [] });
  await library.keepPlanOptions({ ...DEFAULT_DATA_SET_OPTIONS, minimum: 2 });
  await library.settleDuplicates([{ photos: ids.slice(0, 2), keep: ids.slice(0, 2), label: null }]);
  const decided = await library.duplicateDecisions();
  expect(decided).toHaveLength(1);
  await library.exportLibrary('zoo');
  expect(library.exportJob).toMatchObject({ kind: 'finished', done: 3, problems: [] });

  const shard = await fileOf(WHOLE);
  const other = await libraryOf(0);
  await other.importFiles([shard], REAL);
  expect(other.importJob).toMatchObject({ kind: 'finished', done: 3, problems: [] });
  expect(other.guidance).toEqual({ v: 1, text: 'From the side', good: [ids[0]], bad: [] });
  expect(other.planOptions.minimum).toBe(2);
  expect(await other.duplicateDecisions()).toEqual(decided);

  await other.setGuidance({ v: 1, text: 'Our own words', good: [], bad: [] });
  await other.importFiles([shard], REAL);
  expect(other.guidance?.text).toBe('Our own words');
  expect(await other.duplicateDecisions()).toEqual(decided);
});

test('a photo that is edited while the export runs is exported as it was when the export began', async () => {
  const library = await libraryOf(3);
  const victim = library.photos[0]!;
  const before = { ...victim };
  const running = library.exportLibrary('zoo');
  await library.edit(victim.id, { turn: 90, crop: null });
  await running;
  expect(library.exportJob).toMatchObject({ kind: 'finished', done: 3, problems: [] });
  const shard = await fileOf(WHOLE);
  const other = await libraryOf(0);
  await other.importFiles([shard], REAL);
  expect(other.importJob).toMatchObject({ kind: 'finished', problems: [] });
  const there = other.photos.find((photo) => photo.id === before.id);
  expect([before.pixels, library.photo(before.id)?.pixels]).toContain(there?.pixels);
});

const WHOLE = 'zoo-001-of-001.zip';

/** As a browser that was killed leaves it: the plan of a file's export is remembered, the folder holds what it holds. */
async function cutShort(file: string, change: Pick<ExportPlan, 'perShard' | 'done'>): Promise<void> {
  const zip = await openZip(await fileOf(file));
  const entry = zip.entries.find(({ name }) => name === LIBRARY_FILE)!;
  const text = new TextDecoder().decode(await zip.read(entry));
  const { name, exportId, exportedAt, photos } = readLibrary(JSON.parse(text), file);
  const db = await openDatabase(libraryDatabase, () => undefined);
  const content = await readContent(db, (await readAllPhotos(db)).photos, () => Promise.resolve(null));
  const library = await fingerprintOf(content);
  const plan = { name, exportId, exportedAt, photos, library, place: 'folder' as const, leftOut: [] };
  await writeSetting(db, 'exporting', { ...plan, ...change });
  await writeExportFolder(db, folder);
  db.close();
}

async function reopened(): Promise<LibraryState> {
  const library = createLibrary();
  await library.open();
  return library;
}

/** A new library with so many photos, all of one label. */
async function libraryOf(photos: number): Promise<LibraryState> {
  const db = await openDatabase(libraryDatabase, () => undefined);
  const stores = [
    'photos',
    'images',
    'thumbs',
    'subClasses',
    'settings',
    'decisions',
    'journal',
    'bin',
    'pastImages',
  ] as const;
  await db.write([...stores], async (tx) => {
    for (const store of stores) await tx.objectStore(store).clear();
  });
  db.close();
  const library = await reopened();
  const files = Array.from({ length: photos }, async (_, i) =>
    fileAt(`zoo/Lion/${String(i)}.png`, await noise(i)),
  );
  if (photos > 0) await library.importFiles(await Promise.all(files), REAL);
  return library;
}

async function names(): Promise<string[]> {
  const found: string[] = [];
  const listed = folder as unknown as { keys: () => AsyncIterable<string> };
  for await (const name of listed.keys()) found.push(name);
  return found.sort();
}

async function fileOf(name: string): Promise<File> {
  const file = await (await folder.getFileHandle(name)).getFile();
  return new File([await file.arrayBuffer()], name);
}

async function bytesOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fileOf(name)).arrayBuffer());
}

async function write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await stream.write(bytes);
  await stream.close();
}

async function expectReadsBack(shards: readonly string[], photos: number): Promise<void> {
  const files = await Promise.all(shards.map(fileOf));
  const other = await libraryOf(0);
  await other.importFiles(files, REAL);
  expect(other.importJob).toMatchObject({ kind: 'finished', done: photos, problems: [] });
}

function catchDownloads(): File[] {
  const files: File[] = [];
  const blobs = new Map<string, Blob>();
  const create = URL.createObjectURL.bind(URL);
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    const url = create(blob);
    blobs.set(url, blob as Blob);
    return url;
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    files.push(new File([blobs.get(this.href)!], this.download));
  });
  return files;
}
