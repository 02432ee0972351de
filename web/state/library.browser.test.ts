import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { photoPath, shardName } from '#shared/archive/layout.ts';
import { toNdjson } from '#shared/schema/json.ts';
import { labelKey } from '#shared/schema/names.ts';
import { NO_EDITS } from '#shared/schema/photo.ts';
import { sha256 } from '../platform/hash.ts';
import { openDatabase } from '../storage/db.ts';
import { mergeParts, readParts } from '../storage/parts.ts';
import { readAllPhotos } from '../storage/photos.ts';
import { libraryDatabase } from '../storage/upgrades.ts';
import { fileAt, noise, pngHead, quarters } from '../workers/testing/pictures.ts';
import { preparePhoto } from '../workers/prepare.ts';
import { createZip } from '../workers/zip.ts';
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
    const files = await Promise.all(
      Array.from({ length: 24 }, async (_, i) => fileAt(`${String(i)}.png`, await noise(i))),
    );
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
    const files = await Promise.all(
      Array.from({ length: 6 }, async (_, i) => fileAt(`${String(i)}.png`, await noise(i))),
    );
    fullAfter(3);
    await library.importFiles(files, REAL);
    expect(library.importJob).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('no room left') as string,
      done: 6,
    });
    const named = library.importJob.kind === 'failed' ? library.importJob.problems.map((p) => p.file) : [];
    expect(named).toHaveLength(3);
    expect([...named, ...library.photos.map((p) => p.fileName)].sort()).toEqual(files.map((f) => f.name));
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

describe('damaged exports: the culprit is named, the rest is kept, and it can be repeated', () => {
  test('a shard that is missing from its set', async () => {
    const shards = await twoShards();
    const library = await emptyLibrary();
    await library.importFiles([shards[0]!], REAL);
    expect(problemsOf(library)).toMatch(/zoo-002-of-002\.zip/);
    expect(library.photos).toHaveLength(0);
    await library.importFiles(shards, REAL);
    expect(library.photos).toHaveLength(2);
  });

  test('a manifest of a newer version', async () => {
    const library = await emptyLibrary();
    const zip = createZip();
    zip.add('library.json', JSON.stringify({ v: 99 }));
    const newer = new File([await zip.finish()], 'newer.zip');
    await library.importFiles([newer, fileAt('1.png', await noise(1))], REAL);
    expect(problemsOf(library)).toMatch(/newer\.zip.*version 99.*Update Menagerie/);
    expect(library.photos).toHaveLength(1);
  });

  test('a picture whose pixels are not those that were exported', async () => {
    const shards = await twoShards(await noise(77, 'image/png', 299));
    const library = await emptyLibrary();
    await library.importFiles(shards, REAL);
    expect(problemsOf(library)).toMatch(/1\.png.*damaged/);
    expect(library.photos.map((p) => p.fileName)).toEqual(['2.png']);
  });

  test('one flipped byte in a shard', async () => {
    const shards = await twoShards();
    const bytes = new Uint8Array(await shards[0]!.arrayBuffer());
    // The first entry is library.json; the pictures lie behind the lists, in the middle of the file.
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    const library = await emptyLibrary();
    await library.importFiles([new File([bytes], shards[0]!.name), shards[1]!], REAL);
    expect(problemsOf(library)).toMatch(/png.*damaged/);
    expect(library.photos).toHaveLength(1);
  });
});

describe('the sample library', () => {
  test('is checked by its hashes and imported as synthetic', async () => {
    const shards = await twoShards();
    const library = await emptyLibrary();
    await serveSample(shards);
    await library.importSample();
    expect(library.photos).toHaveLength(2);
  });

  test('is refused when it arrives damaged, and where a server has none', async () => {
    const shards = await twoShards();
    const library = await emptyLibrary();
    await serveSample(shards, '0'.repeat(64));
    await expect(library.importSample()).rejects.toThrow(/damaged/);
    vi.mocked(fetch).mockResolvedValue(new Response('', { status: 404 }));
    await expect(library.importSample()).rejects.toThrow(/no sample library/);
    expect(library.photos).toHaveLength(0);
  });
});

test('labels, removal and undo show in the list, and survive a reload', async () => {
  const library = await emptyLibrary();
  await library.importFiles([fileAt('1.png', await noise(1)), fileAt('2.png', await noise(2))], REAL);
  const lion = await library.createLabel('sub-class', '  Lion ');
  expect(await library.createLabel('sub-class', 'LION')).toEqual(lion);
  await library.assign(
    library.photos.map((p) => p.id),
    lion,
  );
  await library.remove([library.photos[0]!.id]);
  expect(library.photos).toHaveLength(1);
  expect(library.undoable).toEqual({ kind: 'remove', name: '', photos: 1 });
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
  const more = ['benchmarks', 'settings', 'journal', 'bin', 'pastImages', 'decisions'] as const;
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
    mergeRules: [
      { v: 1, id: labelKey('Furry'), name: 'Furry', subClasses: [lion, panda], note: 'both furry' },
    ],
    benchmarks: [
      {
        v: 1,
        id: labelKey('Hard'),
        name: 'Hard',
        kind: 'difficult',
        frozenAt: AT,
        items: [{ photo, truth: lion }],
      },
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

function problemsOf(library: LibraryState): string {
  const job = library.importJob;
  return job.kind === 'finished' ? job.problems.map((p) => `${p.file}: ${p.reason}`).join('; ') : job.kind;
}

/** An export of two photos in two shards. @param swapped stands in for the first picture, its record unchanged */
async function twoShards(swapped?: Uint8Array<ArrayBuffer>): Promise<File[]> {
  const prepared = await Promise.all([1, 2].map(async (n) => preparePhoto(await noise(n), 299)));
  const exportId = crypto.randomUUID();
  return Promise.all(
    prepared.map(async ({ image, thumb: _thumb, ...identity }, i) => {
      const photo = { ...PHOTO, ...identity, fileName: `${String(i + 1)}.png` };
      const list = toNdjson([photo]);
      const photosSha256 = await sha256(new TextEncoder().encode(list));
      const shard = { index: i + 1, of: 2, photos: 1, photosSha256 };
      const zip = createZip();
      zip.add('library.json', JSON.stringify({ ...LIBRARY, exportId, shard }));
      zip.add('photos.ndjson', list);
      zip.add(photoPath('_unlabelled', photo.id), i === 0 && swapped ? swapped.buffer : image);
      return new File([await zip.finish()], shardName('zoo', i + 1, 2));
    }),
  );
}

const PHOTO = {
  v: 1,
  source: 'file',
  addedAt: AT,
  addedBy: '',
  origin: 'synthetic',
  label: null,
  edits: NO_EDITS,
  faults: [],
  excluded: false,
  canonicalSize: 299,
};
const LIBRARY = {
  v: 1,
  name: 'zoo',
  exportedAt: AT,
  canonicalSize: 299,
  subClasses: [],
  unknownLabels: [],
  mergeRules: [],
  confused: { v: 1, pairs: [] },
  benchmarks: [],
  photos: 2,
};

async function serveSample(shards: readonly File[], wrong?: string): Promise<void> {
  const index = await Promise.all(
    shards.map(async (file) => ({
      name: file.name,
      bytes: file.size,
      sha256: wrong ?? (await sha256(await file.arrayBuffer())),
    })),
  );
  vi.spyOn(globalThis, 'fetch').mockImplementation((input) => {
    const name = decodeURIComponent(input instanceof Request ? input.url : input.toString())
      .split('/')
      .at(-1);
    const found = shards.find((file) => file.name === name);
    return Promise.resolve(new Response(found ?? JSON.stringify({ shards: index })));
  });
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
