import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { readNpy } from '#shared/archive/npy.ts';
import { scoresRecord } from '#shared/schema/scores.ts';

import { importLibrary } from './library/import-folder.ts';
import { runStages } from './run.ts';
import { openRun, type RunRequest } from './run/open-run.ts';
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
    expect(log).toContain('note epoch 1: loss');
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

describe('a killed run ends, when repeated, with the same weights as an unbroken one (cpu engine)', () => {
  const moments = [
    ['extracting', 'extract 4'],
    ['building', 'build …'],
    ['making features', 'features 30'],
    ['training', 'epoch 2'],
    ['evaluating', 'evaluate 8'],
    ['scoring', 'score …'],
    ['exporting', 'export …'],
    ['identifying', 'identify …'],
  ] as const;

  test.each(moments)('while %s', async (_, moment) => {
    const [library, unbroken, broken] = [await tinyLibrary(), await scratch(), await scratch()];
    await go(unbroken, library);
    await killAt(moment, ['run', library, broken]);
    await go(broken, library);
    expect(await weightsOf(broken)).toEqual(await weightsOf(unbroken));
    expect(await readFile(join(broken, 'scores', 'scores.npy'))).toEqual(
      await readFile(join(unbroken, 'scores', 'scores.npy')),
    );
  });
});
