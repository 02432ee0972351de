/** The whole of bulk identification: real workers, a real engine, a real library. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { openDatabase } from '../storage/db.ts';
import { modelDatabase } from '../storage/model-db.ts';
import { readEmbeddings } from '../storage/seen.ts';
import { libraryDatabase } from '../storage/upgrades.ts';
import { fileAt, gradient, noise, pngHead, quarters } from '../workers/testing/pictures.ts';
import { createZip } from '../workers/zip.ts';
import type { LibraryState } from './contract.ts';
import { createCrew } from './crew.ts';
import { createLibrary } from './library.svelte.ts';
import { createModel } from './model.svelte.ts';
import { versionOf } from './testing/bulk.ts';
import { emptyLibrary } from './testing/empty-library.ts';
import { createStore, type Store } from './testing/published.ts';

let store: Store;

beforeEach(async () => {
  store = createStore();
  await store.publish(1);
  vi.spyOn(globalThis, 'fetch').mockImplementation(store.fetch);
  const models = await openDatabase(modelDatabase, () => undefined);
  await models.write(['versions', 'state'], async (tx) => {
    await tx.objectStore('versions').clear();
    await tx.objectStore('state').clear();
  });
  models.close();
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function openLibrary(): Promise<LibraryState> {
  const db = await openDatabase(libraryDatabase, () => undefined);
  await emptyLibrary(db);
  db.close();
  const library = createLibrary();
  await library.open();
  library.person = 'Ada';
  return library;
}

async function pictures(): Promise<File[]> {
  return [
    fileAt('trip/wide.jpg', await gradient(640, 400, 'srgb')),
    fileAt('trip/quarters.jpg', await quarters(400, 300)),
    ...(await Promise.all(
      Array.from({ length: 8 }, async (_, n) => fileAt(`trip/${String(n)}.png`, await noise(n))),
    )),
  ];
}

/** Runs a job to its end. */
async function finish(
  library: LibraryState,
  wish: Parameters<LibraryState['bulk']['start']>[0],
): Promise<string> {
  const job = await library.bulk.start(wish);
  await vi.waitFor(() => {
    expect(library.bulk.jobs.find(({ id }) => id === job)?.status).toEqual({ kind: 'finished' });
  }, 20_000);
  return job;
}

describe('bulk identification with an engine', () => {
  test('says of every file what a guest would be told, in a folder and in a zip, and names what is no picture', async () => {
    const library = await openLibrary();
    const files = await pictures();
    const zip = createZip();
    for (const file of files) zip.add(`inside/${file.name}`, await file.arrayBuffer());
    zip.add('inside/notes.txt', 'hello');
    zip.add('inside/cut.jpg', 'not a picture');
    const archive = new File([await zip.finish()], 'pictures.zip');
    const chosen = [...files, archive, fileAt('trip/huge.png', pngHead(30_000, 30_000))];
    const job = await finish(library, {
      kind: 'files',
      name: 'trip',
      files: chosen,
      folder: null,
      version: null,
    });
    const [state] = library.bulk.jobs;
    expect(state?.problems.map(({ file }) => file).sort()).toEqual([
      'pictures.zip/inside/cut.jpg',
      'trip/huge.png',
    ]);
    const results = await library.bulk.results(job);
    expect(results).toHaveLength(20);

    const model = createModel();
    await model.start();
    for (const [i, file] of files.entries()) {
      const told = await model.identify(file);
      for (const result of [results[i]!, results[files.length + i]!]) {
        expect(result.photo).toBe(told.photo);
        expect(result.top).toHaveLength(4);
        for (const [place, { label, score }] of told.top.entries()) {
          expect(result.top[place]?.label).toBe(label.id);
          expect(result.top[place]?.score).toBeCloseTo(score, 5);
        }
      }
    }
  });

  test('chosen files come into the library as ordinary photos; others are set aside and back again', async () => {
    const library = await openLibrary();
    const files = await pictures();
    const wish = { kind: 'files' as const, name: 'trip', files, folder: null, version: null };
    const job = await finish(library, wish);
    const [first, second] = await library.bulk.results(job);
    const ids = await library.bulk.take(job, [first!.key]);
    expect(ids).toEqual([first!.photo]);
    expect(library.photos.map(({ id, label }) => [id, label])).toEqual([[first!.photo, null]]);
    await library.bulk.setAside(job, [second!.key]);
    expect(
      (await library.bulk.results(job)).map(({ inLibrary, aside }) => [inLibrary, aside]).slice(0, 3),
    ).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
    await library.undo();
    expect((await library.bulk.results(job)).every(({ aside }) => !aside)).toBe(true);
  });

  test('photos of the library are looked at once by each version; a version that left the server works from here', async () => {
    const library = await openLibrary();
    await library.importFiles(await pictures(), { labelByFolder: false, origin: 'real' });
    const photos = library.photos.map(({ id }) => id);
    const model = createModel();
    await model.start();
    const eyes = await model.eyes();
    const wish = { kind: 'library' as const, name: 'All', photos, version: null };
    const job = await finish(library, wish);
    expect(await library.bulk.results(job)).toHaveLength(10);
    const db = await openDatabase(libraryDatabase, () => undefined);
    expect(await readEmbeddings(db, eyes!.network, photos)).toHaveLength(10);
    db.close();

    await library.see(eyes!);
    expect(library.seeJob).toMatchObject({ kind: 'finished', total: 0 });
    await store.publish(2);
    await model.refresh();
    store.files.delete('001/card.json');
    await store.pointTo(2, 3);
    expect(await library.bulk.versions()).toMatchObject([
      { version: 2, current: true },
      { version: 1, current: false, publishedAt: null },
    ]);
    const again = await finish(library, { ...wish, version: 1 });
    expect(await library.bulk.results(again)).toHaveLength(10);
    await expect(library.bulk.start({ ...wish, version: 3 })).rejects.toThrow(/can no longer be had/);
  });
});

describe('a worker that breaks down', () => {
  const start = (): Worker =>
    new Worker(new URL('../workers/testing/fragile.worker.ts', import.meta.url), { type: 'module' });
  const wish = { size: 299, features: false, file: true };

  test('is started again; a picture that breaks it is named, and all others are answered', async () => {
    const crew = createCrew(start);
    const seer = versionOf(7, 'a'.repeat(64));
    const batch = (from: number) =>
      Array.from({ length: 4 }, (_, n) => ({
        key: `picture ${String(from + n)}`,
        bytes: new Blob([new Uint8Array(from + n === 6 ? 13 : 5)]),
      }));
    await crew.ready(seer);
    const all = await Promise.all([0, 4, 8, 12].map((from) => crew.look(seer, batch(from), wish)));
    const looked = all.flat();
    expect(looked).toHaveLength(16);
    expect(looked.filter(({ kind }) => kind === 'refused')).toMatchObject([
      { key: 'picture 6', reason: expect.stringContaining('breaks') as string },
    ]);
  });
});
