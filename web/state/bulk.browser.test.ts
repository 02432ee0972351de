import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { createRandom } from '#shared/dataset/random.ts';
import { toNdjson } from '#shared/schema/json.ts';
import { sha256 } from '../platform/hash.ts';
import { openDatabase, type Database } from '../storage/db.ts';
import { readBulkItems } from '../storage/bulk.ts';
import type { StoredBulkItem } from '../storage/bulk-records.ts';
import { addPhotos } from '../storage/photos.ts';
import { readSeenIds } from '../storage/seen.ts';
import { libraryDatabase, type LibrarySchema } from '../storage/upgrades.ts';
import { fileAt } from '../workers/testing/pictures.ts';
import type { Bulk } from './bulk.svelte.ts';
import type { BulkStatus, BulkWish } from './contract-bulk.ts';
import { readingCrew, scoreOf, versionOf, versionsOf, visit } from './testing/bulk.ts';
import { emptyLibrary } from './testing/empty-library.ts';
import { plainPhoto } from './testing/plain-photo.ts';

const NETWORK = 'a'.repeat(64);
const versions = versionsOf([versionOf(6, 'b'.repeat(64)), versionOf(7, NETWORK)]);

let db: Database<LibrarySchema>;

beforeEach(async () => {
  db = await openDatabase(libraryDatabase, () => undefined);
  await emptyLibrary(db);
});

afterEach(async () => {
  db.close();
  const root = await navigator.storage.getDirectory();
  await root.removeEntry('pictures', { recursive: true }).catch(() => undefined);
});

const textOf = (n: number): string => `picture ${String(n)}`;

function files(count: number): File[] {
  return Array.from({ length: count }, (_, n) =>
    fileAt(`holiday/day ${String(n % 3)}/${String(n)}.jpg`, textOf(n)),
  );
}

function wishFor(chosen: readonly File[], folder: FileSystemDirectoryHandle | null = null): BulkWish {
  return { kind: 'files' as const, name: 'holiday', files: chosen, folder, version: null };
}

/** Waits for a job to come to rest. */
async function rest(bulk: Bulk): Promise<BulkStatus> {
  await vi.waitFor(() => {
    expect(bulk.jobs[0]?.status.kind).not.toBe('running');
  }, 10_000);
  return bulk.jobs[0]!.status;
}

async function items(job: string): Promise<StoredBulkItem[]> {
  const all: StoredBulkItem[] = [];
  await readBulkItems(db, job, (page) => all.push(...page));
  return all;
}

/** Every file has the answer that its own bytes give, exactly once. */
async function expectAll(job: string, count: number): Promise<void> {
  const found = await items(job);
  expect(found.map(({ row }) => row)).toEqual(Array.from({ length: count }, (_, n) => n));
  for (const { row, photo, top } of found) {
    expect(top).toEqual([{ label: 'otter', score: scoreOf(textOf(row)) }]);
    expect(photo).toBe(await sha256(new TextEncoder().encode(textOf(row))));
  }
}

/** A promise that somebody else fulfils. */
function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((done) => {
    open = done;
  });
  return { open, passed };
}

/** A job of 40 files on a page that is closed when 24 are done. */
async function closedAfter24(wish: BulkWish): Promise<string> {
  const stop = gate();
  const bulk = await visit(db, {
    crew: readingCrew((batch) => (batch > 3 ? stop.passed : Promise.resolve())),
    versions,
  });
  const job = await bulk.start(wish);
  await vi.waitFor(() => {
    expect(bulk.jobs[0]?.done).toBe(12);
  });
  bulk.pause(job);
  stop.open();
  await navigator.locks.request('menagerie-bulk', () => undefined);
  expect(await items(job)).toHaveLength(24);
  return job;
}

/** A folder that can be read again after a reload. */
async function folderOf(list: readonly File[]): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const pictures = await root.getDirectoryHandle('pictures', { create: true });
  for (const file of list) {
    const writer = await (await pictures.getFileHandle(file.name, { create: true })).createWritable();
    await writer.write(file);
    await writer.close();
  }
  return pictures;
}

describe('files outside the library', () => {
  test('get the answers of their own bytes, whatever order answers come in; bad ones are problems (P4-16)', async () => {
    const random = createRandom(7);
    const late = (): Promise<unknown> => new Promise((done) => setTimeout(done, random.int(12)));
    const bulk = await visit(db, { crew: readingCrew(late), versions });
    const chosen = [...files(50), fileAt('holiday/bad.jpg', 'bad'), fileAt('holiday/Thumbs.db', 'litter')];
    const job = await bulk.start(wishFor(chosen));
    expect(await rest(bulk)).toEqual({ kind: 'finished' });
    expect(bulk.jobs[0]).toMatchObject({ name: 'holiday', version: 7, done: 51, total: 51, by: 'Ada' });
    expect(bulk.jobs[0]?.problems).toEqual([{ file: 'holiday/bad.jpg', reason: 'no picture' }]);
    const results = await bulk.results(job);
    expect(results).toHaveLength(50);
    for (const { key, top, photo } of results) {
      expect(top).toEqual([{ label: 'otter', score: scoreOf(textOf(Number(key))) }]);
      expect(photo).toBe(await sha256(new TextEncoder().encode(textOf(Number(key)))));
    }
    const url = await bulk.thumbnail(job, '3');
    expect(url).toMatch(/^blob:/);
    URL.revokeObjectURL(url ?? '');
  });

  test('a pause keeps what was found; going on does the rest, each exactly once', async () => {
    const stop = gate();
    const bulk = await visit(db, {
      crew: readingCrew((batch) => (batch > 3 ? stop.passed : Promise.resolve())),
      versions,
    });
    const job = await bulk.start(wishFor(files(40)));
    await vi.waitFor(() => {
      expect(bulk.jobs[0]?.done).toBe(12);
    });
    bulk.pause(job);
    expect(bulk.jobs[0]?.status).toMatchObject({ kind: 'paused', why: 'person' });
    stop.open();
    // At once, while the last batches are still on their way.
    await bulk.resume(job);
    await vi.waitFor(() => {
      expect(bulk.jobs[0]?.status.kind).toBe('finished');
    }, 10_000);
    await expectAll(job, 40);
  });

  test('after a reload a job goes on from the folder that it is from', async () => {
    const chosen = await Promise.all(
      files(40).map(async (file) => fileAt(`pictures/${file.name}`, await file.text())),
    );
    const job = await closedAfter24(wishFor(chosen, await folderOf(files(40))));
    const bulk = await visit(db, { crew: readingCrew(), versions });
    expect(bulk.jobs[0]).toMatchObject({ id: job, done: 24, status: { kind: 'paused', why: 'reload' } });
    await bulk.resume(job);
    expect(await rest(bulk)).toEqual({ kind: 'finished' });
    await expectAll(job, 40);
  });

  test('without a folder the same files are chosen again: those that miss or changed become problems', async () => {
    const job = await closedAfter24(wishFor(files(40)));
    const bulk = await visit(db, { crew: readingCrew(), versions });
    expect(bulk.jobs[0]).toMatchObject({ done: 24, status: { kind: 'paused', why: 'files' } });
    await bulk.resume(job);
    expect(await rest(bulk)).toMatchObject({ kind: 'paused', why: 'files' });
    await bulk.resume(job, [fileAt('elsewhere/other.jpg', 'another one')]);
    expect(await rest(bulk)).toMatchObject({
      why: 'files',
      message: expect.stringContaining('None of these') as string,
    });
    const changed = fileAt(files(40)[31]!.webkitRelativePath, 'longer than before');
    const again = files(40).flatMap((file, n) => (n === 30 ? [] : n === 31 ? [changed] : [file]));
    await bulk.resume(job, again);
    expect(await rest(bulk)).toEqual({ kind: 'finished' });
    expect(bulk.jobs[0]?.problems).toEqual([
      { file: 'holiday/day 0/30.jpg', reason: expect.stringContaining('not among') as string },
      { file: 'holiday/day 1/31.jpg', reason: expect.stringContaining('changed') as string },
    ]);
    const found = await items(job);
    expect(found.map(({ row }) => row)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(found.filter(({ top }) => top.length === 0).map(({ row }) => row)).toEqual([30, 31]);
  });

  test('pictures that were in a folder may be chosen one by one', async () => {
    const job = await closedAfter24(wishFor(files(40)));
    const bulk = await visit(db, { crew: readingCrew(), versions });
    const loose = await Promise.all(files(40).map(async (file) => fileAt(file.name, await file.text())));
    await bulk.resume(job, loose);
    expect(await rest(bulk)).toEqual({ kind: 'finished' });
    await expectAll(job, 40);
  });

  test('another job waits; a job that is forgotten leaves nothing', async () => {
    const stop = gate();
    const bulk = await visit(db, { crew: readingCrew(() => stop.passed), versions });
    const first = await bulk.start(wishFor(files(4)));
    const second = await bulk.start(wishFor(files(4)));
    expect(bulk.jobs.map(({ id, status }) => [id, status.kind])).toEqual([
      [second, 'paused'],
      [first, 'running'],
    ]);
    stop.open();
    await vi.waitFor(() => {
      expect(bulk.jobs.map(({ status }) => status.kind)).toEqual(['finished', 'finished']);
    });
    await bulk.forget(first);
    expect(await items(first)).toEqual([]);
    expect(bulk.jobs.map(({ id }) => id)).toEqual([second]);
    await expectAll(second, 4);
  });

  test('two tabs never do the same job: the other one is told', async () => {
    const stop = gate();
    const one = await visit(db, { crew: readingCrew(() => stop.passed), versions });
    const job = await one.start(wishFor(files(4)));
    const other = await visit(db, { crew: readingCrew(), versions });
    await other.resume(job, files(4));
    expect(await rest(other)).toMatchObject({
      kind: 'paused',
      why: 'failed',
      message: expect.stringContaining('Another tab') as string,
    });
    stop.open();
    expect(await rest(one)).toEqual({ kind: 'finished' });
    await other.resume(job, files(4));
    expect(await rest(other)).toEqual({ kind: 'finished' });
    await expectAll(job, 4);
  });
});

describe('a version', () => {
  test('that is gone after a reload stops the job and says why; what was found stays, and it goes on when it is back', async () => {
    const job = await closedAfter24({ ...wishFor(files(40)), version: 6 });
    const gone = await visit(db, { crew: readingCrew(), versions: versionsOf([versionOf(7, NETWORK)]) });
    await gone.resume(job, files(40));
    expect(await rest(gone)).toMatchObject({
      kind: 'paused',
      why: 'version',
      message: expect.stringMatching(/can no longer be had.*is kept/) as string,
    });
    expect(await gone.results(job)).toHaveLength(24);
    const back = await visit(db, { crew: readingCrew(), versions });
    await back.resume(job, files(40));
    expect(await rest(back)).toEqual({ kind: 'finished' });
    await expectAll(job, 40);
  });

  test('whose number means another network now is refused', async () => {
    const job = await closedAfter24(wishFor(files(40)));
    const other = versionsOf([versionOf(7, 'c'.repeat(64))]);
    const bulk = await visit(db, { crew: readingCrew(), versions: other });
    await bulk.resume(job, files(40));
    expect(await rest(bulk)).toMatchObject({
      why: 'version',
      message: expect.stringContaining('another network') as string,
    });
  });
});

describe('results of the trainer', () => {
  const photo = plainPhoto(1);
  const scores = [0.25, 0.75];
  const top = [
    { class: 'otter', name: 'Otter', score: 0.75 },
    { class: 'lion', name: 'Lion', score: 0.25 },
  ];
  const lineOf = (changes: object): object => ({
    row: 0,
    file: 'x.jpg',
    photo: null,
    top,
    answer: null,
    scores,
    ...changes,
  });

  test('become guesses where the photo is in the library, items all; refused lines are problems (P4-16)', async () => {
    await addPhotos(db, [{ photo, image: new ArrayBuffer(1), thumb: new ArrayBuffer(1), known: 'fill' }], {
      subClasses: [],
      unknownLabels: [],
    });
    const text = toNdjson([
      lineOf({ file: 'a.jpg', photo: photo.id }),
      lineOf({ file: 'b.jpg', top: [{ class: 'okapi', name: 'Okapi', score: 1 }] }),
      lineOf({ file: 'c.jpg' }),
    ]);
    const bulk = await visit(db, {
      crew: readingCrew(),
      versions,
      photos: [photo],
      photo: (id) => (id === photo.id ? photo : undefined),
    });
    const job = await bulk.start({ kind: 'results', file: fileAt('bulk.ndjson', text), version: 6 });
    expect(await rest(bulk)).toEqual({ kind: 'finished' });
    expect(bulk.jobs[0]).toMatchObject({ version: 6, done: 3, total: 3 });
    expect(bulk.jobs[0]?.problems).toEqual([
      { file: 'bulk.ndjson, line 2', reason: 'This version has no class “okapi”.' },
    ]);
    const guess = [
      { label: 'otter', score: 0.75 },
      { label: 'lion', score: 0.25 },
    ];
    expect(await bulk.results(job)).toEqual([
      { key: '0', photo: photo.id, inLibrary: true, file: 'a.jpg', top: guess, aside: false },
      { key: '2', photo: null, inLibrary: false, file: 'c.jpg', top: guess, aside: false },
    ]);
    expect(await readSeenIds(db, 6)).toEqual(new Set([photo.id]));
    // It was not looked at here: there are no features.
    expect(await readSeenIds(db, 6, 'with-features')).toEqual(new Set());
    expect(await bulk.thumbnail(job, '2')).toBeNull();
  });

  test('of a table go to a photo only by a name that one row and one photo have', async () => {
    const named = [
      plainPhoto(1, { fileName: 'one.jpg' }),
      plainPhoto(2, { fileName: 'two.jpg' }),
      plainPhoto(3, { fileName: 'twin.jpg' }),
      plainPhoto(4, { fileName: 'twin.jpg' }),
    ];
    const bytes = () => new ArrayBuffer(1);
    await addPhotos(
      db,
      named.map((one) => ({ photo: one, image: bytes(), thumb: bytes(), known: 'fill' })),
      { subClasses: [], unknownLabels: [] },
    );
    const rows = ['day 1/one.jpg', 'day 1/two.jpg', 'day 2/two.jpg', 'twin.jpg'];
    const text = [
      'file,top1,score1,top2,score2,top3,score3,answer',
      ...rows.map((file) => `${file},Otter,0.9,,,,,`),
    ].join('\r\n');
    const bulk = await visit(db, { crew: readingCrew(), versions, photos: named });
    const job = await bulk.start({ kind: 'results', file: fileAt('bulk.csv', text), version: null });
    expect(await rest(bulk)).toEqual({ kind: 'finished' });
    const found = await bulk.results(job);
    expect(found.map((one) => [one.file, one.photo])).toEqual(
      rows.map((file, i) => [file, i === 0 ? named[0]!.id : null]),
    );
    expect([...(await readSeenIds(db, 7))]).toEqual([named[0]!.id]);
  });

  test('that are none are refused at once', async () => {
    const bulk = await visit(db, { crew: readingCrew(), versions });
    await expect(
      bulk.start({ kind: 'results', file: fileAt('x.csv', 'hello'), version: null }),
    ).rejects.toThrow(/menagerie identify/);
    expect(bulk.jobs).toEqual([]);
  });
});
