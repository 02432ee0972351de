import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { verdictOn } from '../commands/exit-codes.ts';
import { openStore } from '../io/store.ts';
import { importLibrary } from '../library/import-folder.ts';
import { libraryNeed } from '../run/library-need.ts';
import { openRun } from '../run/open-run.ts';
import { type S3, startS3 } from '../testing/s3.ts';
import { drawFolders, scratch } from '../testing/shapes.ts';
import { TINY } from '../testing/tiny.ts';
import { extract } from './extract.ts';

const disk = vi.hoisted(() => ({ free: null as number | null }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const statfs = async (path: string): Promise<{ bavail: number; bsize: number }> => {
    const { bavail, bsize } = await real.statfs(path);
    return disk.free === null ? { bavail, bsize } : { bavail: disk.free, bsize: 1 };
  };
  return { ...real, statfs };
});
afterEach(() => {
  disk.free = null;
  vi.unstubAllEnvs();
});

async function export_(shardImages = 5): Promise<string> {
  const out = await scratch();
  const source = await drawFolders(await scratch(), 4);
  await importLibrary({
    source,
    out,
    options: { name: 'Shapes', limits: { images: shardImages, bytes: 1e9 } },
  });
  return out;
}

const photosIn = async (run: string): Promise<string[]> =>
  (await readdir(join(run, 'photos'))).filter((name) => name.endsWith('.png'));

describe('a library in an S3-compatible store', () => {
  async function stored(): Promise<S3 & { local: string }> {
    const s3 = await startS3();
    for (const [name, value] of Object.entries(s3.env)) vi.stubEnv(name, value);
    const local = await export_();
    const store = openStore('s3://zoo/exports/2026');
    for await (const { key } of openStore(local).list()) await store.put(key, join(local, key));
    return { ...s3, local };
  }

  test('P5-07: its shards are fetched, unpacked like local ones, and removed', async () => {
    const { local } = await stored();
    const [near, far] = [await scratch(), await scratch()];
    await extract(await openRun({ ...TINY, run: near, library: local }));
    const facts = await extract(await openRun({ ...TINY, run: far, library: 's3://zoo/exports/2026' }));
    expect(facts).toMatchObject({ photos: 12, leftOut: 0 });
    expect(await photosIn(far)).toEqual(await photosIn(near));
    const records = join('photos', 'photos.ndjson');
    expect(await readFile(join(far, records), 'utf8')).toBe(await readFile(join(near, records), 'utf8'));
    expect((await readdir(join(far, 'photos'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('what is done stays done without fetching again; one new shard and it is done again', async () => {
    const { asked } = await stored();
    const run = await scratch();
    await extract(await openRun({ ...TINY, run, library: 's3://zoo/exports/2026' }));
    const gets = (): number => asked.filter((line) => /^GET .*\.zip/.test(line)).length;
    const before = gets();
    expect(before).toBe(3);
    await extract(await openRun({ ...TINY, run, resume: true }));
    expect(gets()).toBe(before);
    const other = await export_(100);
    const [shard] = (await readdir(other)).filter((name) => name.endsWith('.zip'));
    await openStore('s3://zoo/exports/2026').put('another.zip', join(other, shard!));
    await expect(extract(await openRun({ ...TINY, run, resume: true }))).rejects.toThrow(/another export/);
  });

  test('a cut connection is tried again, a missing library is named', async () => {
    const { fail } = await stored();
    const run = await scratch();
    await expect(extract(await openRun({ ...TINY, run, library: 's3://zoo/nothing' }))).rejects.toThrow(
      'There is nothing at s3://zoo/nothing.',
    );
    const job = openRun({ ...TINY, run, library: 's3://zoo/exports/2026' });
    fail('cut', 2);
    expect(await extract(await job)).toMatchObject({ photos: 12 });
  });
});

describe('P5-08: a disk that is too small', () => {
  test('is noticed before the first photo is written; the exit code says: not on this machine', async () => {
    const [library, run] = [await export_(), await scratch()];
    const job = await openRun({ ...TINY, run, library });
    disk.free = 5000;
    const error: unknown = await extract(job).catch((e: unknown) => e);
    expect(String(error)).toMatch(/The library needs about \d+ MiB in .*photos, but only 1 MiB are free/);
    expect(verdictOn(error).exit).toBe(5);
    expect(await photosIn(run)).toEqual([]);
    disk.free = null;
    expect(await extract(job)).toMatchObject({ photos: 12 });
  });

  test('what lies there already needs no room again', async () => {
    const [library, run] = [await export_(), await scratch()];
    await extract(await openRun({ ...TINY, run, library }));
    const { rm } = await import('node:fs/promises');
    await rm(join(run, 'stages', 'extract.json'));
    disk.free = 5000;
    expect(await extract(await openRun({ ...TINY, run, library }))).toMatchObject({ photos: 12 });
  });

  test('doctor estimates it from the lists of the shards', async () => {
    const library = await export_();
    const need = await libraryNeed(library, await scratch());
    expect(need).toMatchObject({ photos: 12, canonicalSize: 299, fetched: 0, fits: true });
    const run = await scratch();
    await extract(await openRun({ ...TINY, run, library }));
    const { stat } = await import('node:fs/promises');
    const sizes = await Promise.all(
      (await photosIn(run)).map(async (p) => (await stat(join(run, 'photos', p))).size),
    );
    expect(need.images).toBe(sizes.reduce((a, b) => a + b, 0));
    disk.free = need.needed - 1;
    expect((await libraryNeed(library, run)).fits).toBe(false);
  });
});
