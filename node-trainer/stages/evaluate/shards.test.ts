import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';

import { scoresRecord } from '#shared/schema/scores.ts';

import { runStages } from '../../run.ts';
import type { RunContext } from '../../run/context.ts';
import { openRun } from '../../run/open-run.ts';
import { startS3 } from '../../testing/s3.ts';
import { drawFolders, scratch } from '../../testing/shapes.ts';
import { TINY } from '../../testing/tiny.ts';
import { mergeEvaluation } from './merge.ts';
import { evaluateShard, partsFolder } from './shard.ts';

let [home, trained] = ['', ''];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'menagerie-test-'));
  trained = join(home, 'run');
  const library = await drawFolders(join(home, 'photos'), 10);
  await runStages(await openRun({ ...TINY, run: trained, library }));
  return () => rm(home, { recursive: true, force: true });
}, 120_000);

/** The trained run as it is before its evaluation. */
async function copy(): Promise<RunContext> {
  const run = await scratch();
  await cp(trained, run, { recursive: true });
  await rm(join(run, 'stages', 'evaluate.json'));
  await rm(join(run, 'scores'), { recursive: true });
  return openRun({ ...TINY, run, resume: true });
}

const scoresOf = (run: string): Promise<Buffer> => readFile(join(run, 'scores', 'scores.npy'));

describe('an evaluation in shards', () => {
  test.each([1, 4, 40])('%i of them, merged, are the matrix and index of one machine', async (of) => {
    const run = await copy();
    for (let index = of; index >= 1; index--)
      await evaluateShard(run, { index, of }, partsFolder(run.folder));
    expect(await mergeEvaluation(run, partsFolder(run.folder))).toMatchObject({
      images: 30,
      parts: of,
      engine: 'cpu',
    });
    expect(await scoresOf(run.folder.root)).toEqual(await scoresOf(trained));
    const index = async (root: string): Promise<object> => {
      const path = join(root, 'scores', 'index.json');
      return { ...scoresRecord.read(JSON.parse(await readFile(path, 'utf8')), path), speed: null };
    };
    expect(await index(run.folder.root)).toEqual(await index(trained));
  });

  test('is a stage like any other: kept when done, and what follows builds on it', async () => {
    const run = await copy();
    for (const index of [1, 2]) await evaluateShard(run, { index, of: 2 }, partsFolder(run.folder));
    await mergeEvaluation(run, partsFolder(run.folder));
    const log = await readFile(run.folder.log, 'utf8');
    const facts = Object.fromEntries(await runStages(run));
    expect(facts.evaluate).toMatchObject({ images: 30, parts: 2 });
    expect((await readFile(run.folder.log, 'utf8')).slice(log.length)).toContain(
      'evaluate: already done, kept',
    );
  });

  test('parts may lie in a store; a photo that can not be read has no row', async () => {
    const { env } = await startS3();
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const run = await copy();
    const [photo] = (await readdir(run.folder.photos)).filter((name) => name.endsWith('.png'));
    await writeFile(join(run.folder.photos, photo!), 'damaged');
    for (const index of [1, 2, 3]) await evaluateShard(run, { index, of: 3 }, 's3://zoo/parts');
    expect(await mergeEvaluation(run, 's3://zoo/parts')).toMatchObject({ images: 29, unreadable: 1 });
  });

  test('parts of another model are refused, with nothing written', async () => {
    const run = await copy();
    const parts = partsFolder(run.folder);
    await evaluateShard(run, { index: 1, of: 1 }, parts);
    const manifest = join(parts, 'part-00001-of-00001.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace(/("version": null,\s*"sha256": ")\w{8}/, '$100000000'));
    await expect(mergeEvaluation(run, parts)).rejects.toThrow(/not of the model and data set/);
    await expect(scoresOf(run.folder.root)).rejects.toThrow('ENOENT');
  });
});
