import { cp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import { drawColours } from '../testing/colours.ts';
import { startS3 } from '../testing/s3.ts';
import { scratch } from '../testing/shapes.ts';
import { tinyVersion } from '../testing/tiny-version.ts';
import { identifyPhotos, identifyShard, type IdentifyJob } from './identify-photos.ts';
import { mergeTable } from './merge-table.ts';
import { WHOLE_TABLE } from './table-view.ts';

/** Eleven photos, one of them damaged, and a model. */
async function work(more: Partial<IdentifyJob> = {}): Promise<IdentifyJob & { readonly folder: string }> {
  const folder = await scratch();
  const source = await drawColours(join(folder, 'photos'), 10);
  await writeFile(join(source, 'box-0', 'photo-0004b.jpg'), 'no photo at all');
  const model = await tinyVersion(join(folder, '007'));
  const out = join(folder, 'parts');
  return { source, model, out, engine: 'cpu', onProgress: () => undefined, folder, ...more };
}

async function doAll(job: IdentifyJob, of: number): Promise<void> {
  for (let index = of; index >= 1; index--) await identifyShard(job, { index, of });
}

const partsIn = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

describe('a bulk identification in shards', () => {
  test.each([1, 3, 14])('%i shards, merged, are byte for byte what one machine writes', async (of) => {
    const job = await work();
    for (const ending of ['csv', 'ndjson']) {
      const [alone, merged] = [join(job.folder, `alone.${ending}`), join(job.folder, `merged.${ending}`)];
      await identifyPhotos({ ...job, out: alone });
      await doAll(job, of);
      expect(await mergeTable(job.out, merged, WHOLE_TABLE)).toMatchObject({
        model: 7,
        parts: of,
        photos: 11,
        identified: 10,
        problems: [{ row: 5, file: 'box-0/photo-0004b.jpg' }],
      });
      expect(await readFile(merged, 'utf8')).toBe(await readFile(alone, 'utf8'));
    }
  });

  test('parts, photos, model and table may all lie in an S3-compatible store', async () => {
    const { env } = await startS3();
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { openStore, readText } = await import('../io/store.ts');
    const job = await work();
    for (const [place, folder] of [
      ['s3://zoo/photos', job.source],
      ['s3://zoo/models/007', job.model],
    ] as const)
      for await (const { key } of openStore(folder).list())
        await openStore(place).put(key, join(folder, key));
    const remote = { ...job, source: 's3://zoo/photos', model: 's3://zoo/models/007', out: 's3://zoo/parts' };
    await identifyPhotos({ ...job, out: join(job.folder, 'alone.csv') });
    await doAll(remote, 3);
    await mergeTable('s3://zoo/parts', 's3://zoo/answers/table.csv', WHOLE_TABLE);
    expect(await readText(openStore('s3://zoo/answers'), 'table.csv')).toBe(
      await readFile(join(job.folder, 'alone.csv'), 'utf8'),
    );
    vi.unstubAllEnvs();
  });

  test('a shard that is there and whole is kept; a damaged one is done again', async () => {
    const job = await work();
    const shard = { index: 2, of: 3 };
    const { part, kept } = await identifyShard(job, shard);
    expect(kept).toBe(false);
    const rows = join(job.out, part.file.name);
    const { mtimeMs } = await stat(rows);
    expect(await identifyShard(job, shard)).toEqual({ part, kept: true });
    expect((await stat(rows)).mtimeMs).toBe(mtimeMs);
    await writeFile(rows, (await readFile(rows)).subarray(1));
    expect((await identifyShard(job, shard)).kept).toBe(false);
    expect((await identifyShard(job, shard)).kept).toBe(true);
  });

  test('two machines that happen to do the same shard at the same time leave one', async () => {
    const job = await work();
    const shard = { index: 1, of: 2 };
    await Promise.all([identifyShard(job, shard), identifyShard(job, shard)]);
    await identifyShard(job, { index: 2, of: 2 });
    expect((await mergeTable(job.out, join(job.folder, 'a.csv'), WHOLE_TABLE)).identified).toBe(10);
  });

  test('rows without their manifest, as a kill leaves them, are not a part', async () => {
    const job = await work();
    await doAll(job, 2);
    await rm(join(job.out, 'part-00001-of-00002.json'));
    await expect(mergeTable(job.out, join(job.folder, 'a.csv'), WHOLE_TABLE)).rejects.toThrow(
      'shard 1/2 is missing: part-00001-of-00002.json',
    );
    await identifyShard(job, { index: 1, of: 2 });
    expect((await mergeTable(job.out, join(job.folder, 'a.csv'), WHOLE_TABLE)).identified).toBe(10);
    expect(await partsIn(job.out)).toHaveLength(4);
  });

  test('another model or another list of photos: the shard is done again', async () => {
    const job = await work();
    const shard = { index: 1, of: 3 };
    await identifyShard(job, shard);
    const other = { ...job, model: await tinyVersion(join(job.folder, 'other'), 3) };
    expect((await identifyShard(other, shard)).kept).toBe(false);
    await rm(join(job.source, 'box-0', 'photo-0009.png'));
    expect((await identifyShard(other, shard)).kept).toBe(false);
    expect((await identifyShard(other, shard)).kept).toBe(true);
  });
});

describe('merging refuses what is not one whole, names every problem and writes nothing', () => {
  async function refused(job: { out: string; folder: string }): Promise<string> {
    const out = join(job.folder, 'refused.csv');
    const message = await mergeTable(job.out, out, WHOLE_TABLE).then(
      () => 'merged',
      (error: unknown) => String(error),
    );
    await expect(stat(out)).rejects.toThrow('ENOENT');
    return message;
  }

  test('nothing there', async () => {
    const job = await work();
    expect(await refused(job)).toMatch(/MergeRefused.*no part at all/s);
  });

  test('missing, damaged, of another model and of another list, all at once', async () => {
    const job = await work();
    await doAll(job, 6);
    await rm(join(job.out, 'part-00002-of-00006.json'));
    const [rows] = (await partsIn(job.out)).filter((name) => /^part-00003.*ndjson$/.test(name));
    await writeFile(join(job.out, rows!), 'x');
    const other = await tinyVersion(join(job.folder, 'other'), 3);
    await identifyShard({ ...job, model: other }, { index: 4, of: 6 });
    await rm(join(job.source, 'box-0', 'photo-0009.png'));
    await identifyShard(job, { index: 5, of: 6 });
    const message = await refused(job);
    expect(message).toMatch(/shard 2\/6 is missing/);
    expect(message).toMatch(/part-00003.*ndjson is damaged.*shard 3\/6/);
    expect(message).toMatch(/part-00004-of-00006.json is of another model \(version 7, \w{8}\)/);
    expect(message).toMatch(/part-00005-of-00006.json is of another list of photos \(10\)/);
  });

  test('the same shard twice, and parts of another cut', async () => {
    const job = await work();
    await doAll(job, 3);
    await cp(join(job.out, 'part-00001-of-00003.json'), join(job.out, 'part-00009-of-00003.json'));
    await identifyShard(job, { index: 1, of: 2 });
    const message = await refused(job);
    expect(message).toMatch(/shard 1 is there 2 times: part-00001-of-00003.json, part-00009-of-00003.json/);
    expect(message).toMatch(/part-00001-of-00002.json is one of 2 shards, the others are of 3/);
  });

  test('a manifest that contradicts itself, is no manifest, or is of a newer version', async () => {
    const job = await work();
    await doAll(job, 4);
    const alter = async (index: number, change: (text: string) => string): Promise<void> => {
      const path = join(job.out, `part-0000${index}-of-00004.json`);
      await writeFile(path, change(await readFile(path, 'utf8')));
    };
    await alter(1, (text) => text.replace(/"to": \d+/, '"to": 9'));
    await alter(2, () => '{ "v": 1 ');
    await alter(3, (text) => text.replace('"v": 1', '"v": 99'));
    await alter(4, (text) => text.replace(/"name": "[^"]+"/, '"name": "../../etc/passwd"'));
    const message = await refused(job);
    expect(message).toMatch(/part-00001-of-00004.json contradicts itself/);
    expect(message).toMatch(/part-00002-of-00004.json .*broken JSON/);
    expect(message).toMatch(/part-00003-of-00004.json .*of version 99/);
    expect(message).toMatch(/part-00004-of-00004.json .*expected the name of a part/);
  });

  test('a part whose rows are whole as a file but doubled inside', async () => {
    const job = await work();
    await doAll(job, 1);
    const manifest = join(job.out, 'part-00001-of-00001.json');
    const part = JSON.parse(await readFile(manifest, 'utf8')) as { file: Record<string, unknown> };
    const rows = join(job.out, String(part.file.name));
    const lines = (await readFile(rows, 'utf8')).split('\n');
    const text = [lines[0], lines[0], ...lines.slice(2)].join('\n');
    const { sha256 } = await import('../io/hash.ts');
    const bytes = new TextEncoder().encode(text);
    await writeFile(rows, bytes);
    await writeFile(
      manifest,
      JSON.stringify({ ...part, file: { ...part.file, bytes: bytes.length, sha256: sha256(bytes) } }),
    );
    expect(await refused(job)).toMatch(/holds row 0 where 1 was expected/);
  });
});

describe('P5-39: the table sorted and filtered', () => {
  async function table(view: Partial<typeof WHOLE_TABLE>): Promise<string[][]> {
    const job = await work();
    const out = join(job.folder, 'table.csv');
    await identifyPhotos({ ...job, out, view: { ...WHOLE_TABLE, ...view } });
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\r\n').slice(1);
    return lines.map((line) => line.split(','));
  }
  const scores = (rows: string[][]): number[] => rows.map((row) => Number(row[2]));

  test('by score, the surest first, and the other way round', async () => {
    const found = scores(await table({ sort: 'score' }));
    expect(found).toHaveLength(10);
    expect(found).toEqual([...found].sort((a, b) => b - a));
    expect(scores(await table({ sort: 'score', reverse: true }))).toEqual(found.reverse());
  });

  test('by class, then by score; by file', async () => {
    const found = await table({ sort: 'top1' });
    const keys = found.map((row) => `${row[1] ?? ''} ${(1 - Number(row[2])).toFixed(6)}`);
    expect(keys).toEqual([...keys].sort());
    const files = (await table({ sort: 'file', reverse: true })).map((row) => row[0]);
    expect(files).toEqual([...files].sort().reverse());
  });

  test('only what lies between two scores, of one class, or without an answer', async () => {
    const all = await table({});
    const between = await table({ minScore: 0.5, maxScore: 0.9 });
    expect(between).toEqual(all.filter((row) => Number(row[2]) >= 0.5 && Number(row[2]) <= 0.9));
    expect(between.length).toBeGreaterThan(0);
    const pandas = await table({ top1: ' red  PANDA' });
    expect(pandas).toEqual(all.filter((row) => row[1] === 'Red Panda'));
    expect(pandas.length).toBeGreaterThan(0);
    const unsure = await table({ unanswered: true });
    expect(unsure).toEqual(all.filter((row) => row[7] === ''));
    expect(unsure.length).toBeGreaterThan(0);
  });

  test('a merged table takes the same views', async () => {
    const job = await work();
    await doAll(job, 4);
    const view = { ...WHOLE_TABLE, sort: 'score', minScore: 0.6 } as const;
    const [merged, alone] = [join(job.folder, 'm.ndjson'), join(job.folder, 'a.ndjson')];
    const { rows, identified } = await mergeTable(job.out, merged, view);
    expect(rows).toBeLessThan(identified);
    await identifyPhotos({ ...job, out: alone, view });
    expect(await readFile(merged, 'utf8')).toBe(await readFile(alone, 'utf8'));
  });
});

test('renaming the folder of parts changes nothing: a part knows no path', async () => {
  const job = await work();
  await doAll(job, 2);
  await rename(job.out, join(job.folder, 'moved'));
  expect((await mergeTable(join(job.folder, 'moved'), join(job.folder, 'a.csv'), WHOLE_TABLE)).parts).toBe(2);
});
