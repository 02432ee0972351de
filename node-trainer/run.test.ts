import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readNpy } from '#shared/archive/npy.ts';
import { versionFolder } from '#shared/schema/names.ts';
import { MOST_PUBLISHED, PUBLISHED_SCORES, scoresRecord } from '#shared/schema/scores.ts';

import { sha256 } from './io/hash.ts';
import { importLibrary } from './library/import-folder.ts';
import { runStages } from './run.ts';
import { identifyPhotos } from './run/identify-photos.ts';
import { unkeptLog } from './run/log.ts';
import { openRun, type RunRequest } from './run/open-run.ts';
import { publishRun } from './run/publish-run.ts';
import { createApp } from './server/app.ts';
import { exportModel } from './stages/export.ts';
import { killAt } from './testing/kill.ts';
import { drawFolders, drawShape, scratch } from './testing/shapes.ts';
import { TINY } from './testing/tiny.ts';

async function tinyLibrary(): Promise<string> {
  const out = await scratch();
  await importLibrary({ source: await drawFolders(await scratch(), 10), out, options: { name: 'Shapes' } });
  return out;
}

async function go(
  run: string,
  library?: string,
  more: Partial<RunRequest> = {},
): Promise<Record<string, Record<string, unknown>>> {
  return Object.fromEntries(await runStages(await openRun({ ...TINY, run, library, ...more })));
}

const weightsOf = (run: string): Promise<Buffer> => readFile(join(run, 'model', 'export', 'weights.bin'));
const logOf = (run: string): Promise<string> => readFile(join(run, 'run.log'), 'utf8');

describe('a run (P5-12, P5-42)', () => {
  test('goes from a library to everything a version consists of, with one log (P5-43)', async () => {
    const run = await scratch();
    const facts = await go(run, await tinyLibrary());
    expect(facts.extract).toMatchObject({ photos: 30, subClasses: 3, leftOut: 0 });
    expect(facts.build).toMatchObject({ classes: 3, training: 27, validation: 3 });
    expect((await readdir(join(run, 'model', 'export'))).sort()).toEqual([
      'labels.json',
      'model.json',
      'report',
      'training',
      'weights.bin',
    ]);
    const log = await logOf(run);
    for (const stage of ['extract', 'build', 'train', 'evaluate', 'score', 'export', 'identify'])
      expect(log).toContain(`info ${stage}: done`);
    expect(log).toContain('note head: epoch 1: loss');
  });

  test('P5-20, P5-21: writes the whole softmax matrix with an index that names its rows', async () => {
    const run = await scratch();
    await go(run, await tinyLibrary());
    const index = scoresRecord.read(
      JSON.parse(await readFile(join(run, 'scores', 'index.json'), 'utf8')),
      'index.json',
    );
    const { rows, columns, values } = readNpy(await readFile(join(run, 'scores', 'scores.npy')));
    expect([rows, columns]).toEqual([30, 3]);
    expect(index.sets.map((s) => [s.name, s.to - s.from])).toEqual([
      ['training', 27],
      ['validation', 3],
      ['test', 0],
    ]);
    expect(values.subarray(0, 3).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  });

  test('done again it keeps every stage; with another seed it redoes what the seed changes', async () => {
    const [run, library] = [await scratch(), await tinyLibrary()];
    await go(run, library);
    const before = await stat(join(run, 'model', 'network', 'weights.bin'));
    await go(run, undefined, { resume: true, flags: {} });
    expect((await logOf(run)).match(/already done, kept/g)).toHaveLength(7);
    expect((await stat(join(run, 'model', 'network', 'weights.bin'))).mtimeMs).toBe(before.mtimeMs);
    await go(run, library, { flags: { ...TINY.flags, seed: 2 } });
    expect((await logOf(run)).match(/info extract: already done/g)).toHaveLength(2);
    expect((await logOf(run)).match(/info train: done/g)).toHaveLength(2);
  });

  test('a stage whose file was altered afterwards is done again', async () => {
    const [run, library] = [await scratch(), await tinyLibrary()];
    await go(run, library);
    const weights = await weightsOf(run);
    await appendFile(join(run, 'model', 'network', 'weights.bin'), 'x');
    await go(run, library);
    expect(await weightsOf(run)).toEqual(weights);
  });

  test('a class folder works as a library too, and a damaged photo in it is named in the log', async () => {
    const [run, source] = [await scratch(), await drawFolders(await scratch(), 8)];
    const whole = await drawShape('circle', 99);
    await writeFile(join(source, 'circle', 'cut.jpg'), whole.subarray(0, whole.length >> 1));
    expect((await go(run, source)).extract).toMatchObject({ photos: 24, leftOut: 1 });
    expect(await logOf(run)).toMatch(/warn left out: .*circle\/cut\.jpg/);
  });

  test('P5-38: photos without a label are identified at the end', async () => {
    const [run, source] = [await scratch(), await drawFolders(await scratch(), 8)];
    await writeFile(join(source, 'who.jpg'), await drawShape('square', 77));
    expect((await go(run, source)).identify).toMatchObject({ photos: 1 });
    const [header, row] = (await readFile(join(run, 'identify', 'identify.csv'), 'utf8')).split('\r\n');
    expect(header).toBe('file,top1,score1,top2,score2,top3,score3,answer');
    expect(row).toMatch(/^who\.jpg,(circle|square|stripes),0\.\d+,/);
  });

  test('a library with too few photos says which classes are nearest', async () => {
    const source = await drawFolders(await scratch(), 3);
    await expect(go(await scratch(), source)).rejects.toThrow(/at least 6 photos.*circle \(3 short\)/s);
  });

  test('--resume without a run is refused', async () => {
    await expect(go(await scratch(), undefined, { resume: true })).rejects.toThrow(
      '--resume: there is no run',
    );
  });
});

describe('the matrix of scores of a published version (P5-21)', () => {
  test('is served in ranges that come to the very file of the run; one too large stays there', async () => {
    const [run, models] = [await scratch(), await scratch()];
    await go(run, await tinyLibrary());
    const { card } = await publishRun({ run, models, log: unkeptLog(TINY.listener) });
    const matrix = await readFile(join(run, 'scores', 'scores.npy'));
    const entry = card.files.find(({ path }) => path === PUBLISHED_SCORES.matrix);
    expect(entry).toMatchObject({ bytes: matrix.length, sha256: sha256(matrix) });
    const app = createApp({ web: '', models, sample: '' });
    const address = `/models/${versionFolder(card.version)}/${PUBLISHED_SCORES.matrix}`;
    const pieces: Buffer[] = [];
    for (let start = 0; start < matrix.length; start += 100) {
      const range = `bytes=${start}-${start + 99}`;
      const piece = await app.request(address, { headers: { range } });
      expect(piece.status).toBe(206);
      pieces.push(Buffer.from(await piece.arrayBuffer()));
    }
    expect(Buffer.concat(pieces).equals(matrix)).toBe(true);

    await rm(join(run, 'stages', 'export.json'));
    await truncate(join(run, 'scores', 'scores.npy'), MOST_PUBLISHED + 1);
    await exportModel(await openRun({ ...TINY, run, flags: {}, resume: true }));
    expect(await readdir(join(run, 'model', 'export', 'report'))).not.toContain('scores.npy');
    expect(await logOf(run)).toMatch(/more than the 1024 MiB .* choose scores\.npy and index\.json of/);
  });
});

describe('identifying any photos with a published version (P5-38, P5-41)', () => {
  test('gives a table that a spreadsheet opens safely, and names the files that are no photos', async () => {
    const [model, photos] = [await publishedVersion(), await drawFolders(await scratch(), 2)];
    await writeFile(join(photos, '=cmd().jpg'), await drawShape('circle', 50));
    await writeFile(join(photos, 'letter.jpg'), 'not a photo');
    const out = join(await scratch(), 'answers.csv');
    const done = await identifyPhotos({
      source: photos,
      model,
      out,
      engine: 'cpu',
      onProgress: () => undefined,
    });
    expect(done).toMatchObject({ model: 1, engine: 'cpu', identified: 7 });
    expect(done.problems.map((p) => p.file)).toEqual(['letter.jpg']);
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\r\n');
    expect(lines[0]).toBe('file,top1,score1,top2,score2,top3,score3,answer');
    expect(lines).toHaveLength(8);
    expect(lines.find((line) => line.includes('cmd'))).toMatch(/^'=cmd/);
  });

  test('NDJSON holds the same; any other ending is refused before work begins', async () => {
    const [model, photos, folder] = [
      await publishedVersion(),
      await drawFolders(await scratch(), 1),
      await scratch(),
    ];
    const job = { source: photos, model, engine: 'cpu', onProgress: () => undefined };
    await identifyPhotos({ ...job, out: join(folder, 'a.ndjson') });
    const rows = (await readFile(join(folder, 'a.ndjson'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((l) => JSON.parse(l) as { top: unknown[] });
    expect(rows.map((row) => row.top.length)).toEqual([3, 3, 3]);
    await expect(identifyPhotos({ ...job, out: join(folder, 'a.xlsx') })).rejects.toThrow('.csv or .ndjson');
  });

  test('one flipped byte in the model is named, and nothing is written', async () => {
    const model = await publishedVersion();
    const path = join(model, 'weights.bin');
    const bytes = await readFile(path);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path, bytes);
    const out = join(await scratch(), 'a.csv');
    const job = identifyPhotos({
      source: await drawFolders(await scratch(), 1),
      model,
      out,
      engine: 'cpu',
      onProgress: () => undefined,
    });
    await expect(job).rejects.toThrow(/weights\.bin is damaged/);
    await expect(stat(out)).rejects.toThrow('ENOENT');
  });

  async function publishedVersion(): Promise<string> {
    const [run, models] = [await scratch(), await scratch()];
    await go(run, await drawFolders(await scratch(), 8));
    return (await publishRun({ run, models, log: unkeptLog(TINY.listener) })).folder;
  }
});

describe('a killed run ends, when repeated, with the same weights as an unbroken one (cpu engine)', () => {
  const moments = [
    ['extracting', 'extract 4'],
    ['building', 'build …'],
    ['making features', 'features 30'],
    ['training the head', 'head epoch 2'],
    ['evaluating', 'evaluate 8'],
    ['scoring', 'score …'],
    ['exporting', 'export …'],
    ['identifying', 'identify …'],
  ] as const;

  let shared = '';
  beforeAll(async () => {
    shared = await mkdtemp(join(tmpdir(), 'menagerie-test-'));
    await importLibrary({
      source: await drawFolders(join(shared, 'photos'), 10),
      out: join(shared, 'library'),
    });
    await go(join(shared, 'unbroken'), join(shared, 'library'));
  });
  afterAll(() => rm(shared, { recursive: true, force: true }));

  test.each(moments)('while %s', async (_, moment) => {
    const [library, unbroken, broken] = [join(shared, 'library'), join(shared, 'unbroken'), await scratch()];
    await killAt(moment, ['run', library, broken]);
    await go(broken, library);
    expect(await weightsOf(broken)).toEqual(await weightsOf(unbroken));
    const scores = join('scores', 'scores.npy');
    expect(await readFile(join(broken, scores))).toEqual(await readFile(join(unbroken, scores)));
  });
});
