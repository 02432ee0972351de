import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type TrainingFacts, trainingRecord } from '#shared/schema/training.ts';

import { importLibrary } from './library/import-folder.ts';
import { STAGE_WORK } from './run.ts';
import { MODEL_FILES } from './run/model-files.ts';
import { openRun } from './run/open-run.ts';
import { killAt } from './testing/kill.ts';
import { drawFolders, scratch } from './testing/shapes.ts';
import { TINY } from './testing/tiny.ts';

/** The narrowest network, so that all of its layers can be trained on the cpu engine within seconds. */
const SMALL = { ...TINY.flags, width: 0.1, epochs: 2, augment: 'none' };

let library = '';
beforeAll(async () => {
  library = await mkdtemp(join(tmpdir(), 'menagerie-test-'));
  await importLibrary({
    source: await drawFolders(join(library, 'photos'), 7),
    out: join(library, 'shards'),
  });
});
afterAll(() => rm(library, { recursive: true, force: true }));

/** Runs the stages up to training. @returns what is said */
async function train(run: string, flags: Readonly<Record<string, unknown>>): Promise<string[]> {
  const said: string[] = [];
  const listener = { say: (line: string) => said.push(line), progress: () => undefined };
  const context = await openRun({
    ...TINY,
    run,
    library: join(library, 'shards'),
    flags: { ...SMALL, ...flags },
    listener,
  });
  for (const [name, work] of STAGE_WORK) {
    if (['extract', 'build', 'train'].includes(name)) await work(context);
  }
  return said;
}

const weightsOf = (run: string): Promise<Buffer> => readFile(join(run, MODEL_FILES.networkWeights));
const checkpointsOf = (run: string): string => join(run, 'model', 'checkpoints');
async function factsOf(run: string): Promise<TrainingFacts> {
  return trainingRecord.read(
    JSON.parse(await readFile(join(run, MODEL_FILES.facts), 'utf8')),
    'training.json',
  );
}

describe('a training killed in the middle of a phase ends, when repeated, with the weights of an unbroken one', () => {
  test.each([
    ['two-stage', ['head epoch 2', 'final blocks 2', 'final blocks epoch 1']],
    ['fine-tune', ['all layers epoch 1']],
    ['from-scratch', ['all layers epoch 1']],
  ] as const)(
    '%s (cpu engine, P5-16)',
    async (recipe, moments) => {
      const unbroken = await scratch();
      await train(unbroken, { recipe });
      for (const moment of moments) {
        const broken = await scratch();
        await killAt(moment, ['run', join(library, 'shards'), broken], { ...SMALL, recipe });
        const said = await train(broken, { recipe });
        expect(await weightsOf(broken), moment).toEqual(await weightsOf(unbroken));
        if (/^(final blocks|all layers) epoch/.test(moment))
          expect(said.join(' '), moment).toContain('goes on after epoch');
        const [kept, expected] = [await factsOf(broken), await factsOf(unbroken)];
        const untimed = ({ history }: TrainingFacts): unknown => history.map((h) => ({ ...h, seconds: 0 }));
        expect(untimed(kept), moment).toEqual(untimed(expected));
      }
    },
    120_000,
  );

  test('also where its newest checkpoint was damaged, from the one before', async () => {
    const [unbroken, broken] = [await scratch(), await scratch()];
    const recipe = 'two-stage';
    await train(unbroken, { recipe });
    await killAt('final blocks epoch 2', ['run', join(library, 'shards'), broken], { ...SMALL, recipe });
    const names = (await readdir(checkpointsOf(broken))).filter((name) => name.includes('epoch')).sort();
    expect(names).toHaveLength(2);
    const newest = join(checkpointsOf(broken), names[1]!);
    const bytes = await readFile(newest);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(newest, bytes);
    expect((await train(broken, { recipe })).join(' ')).toContain('goes on after epoch 1');
    expect(await weightsOf(broken)).toEqual(await weightsOf(unbroken));
  }, 120_000);
});

describe('a training whose loss is no number', () => {
  // The plain head has its own loop; with dropout it goes through the one that all other phases share.
  test.each([0, 0.1])(
    'names the epoch, the batch and its photos, writes no model, and leaves the base as it was (dropout %d)',
    async (dropout) => {
      const [first, failed] = [await scratch(), await scratch()];
      await train(first, { recipe: 'head-only', width: 0.25, epochs: 1 });
      // Numbers that are still numbers, but whose products are none.
      const path = join(first, MODEL_FILES.trainingWeights);
      const bytes = new Uint8Array(await readFile(path)).buffer;
      const huge = new Float32Array(bytes).map((w) => w * 1e30);
      await writeFile(path, new Uint8Array(huge.buffer));
      const base = join(first, 'model', 'training');
      const told = await train(failed, { weights: base, batchSize: 4, epochs: 1, dropout }).then(
        () => null,
        (error: unknown) => error as Error,
      );
      expect(told?.name).toBe('TrainingFailed');
      expect(told?.message).toMatch(/no number any more in epoch 1, batch 1 of 5/);
      expect(told?.message).toMatch(/\d\.jpg \([0-9a-f]{8}\)/);
      expect(told?.message).toContain('No epoch was finished before');
      expect(told?.message).toContain('What was published before is untouched. Try a lower --learning-rate');
      await expect(stat(join(failed, MODEL_FILES.network))).rejects.toThrow('ENOENT');
      expect(new Uint8Array(await readFile(path))).toEqual(new Uint8Array(huge.buffer));
    },
    60_000,
  );
});

describe('recipes', () => {
  test('P4-06, P4-07, P4-08: warm-start takes a trained model with a new output layer, for other classes too', async () => {
    const [first, second] = [await scratch(), await scratch()];
    await train(first, { recipe: 'head-only', width: 0.25 });
    const other = await scratch();
    await importLibrary({
      source: await drawFolders(join(other, 'photos'), 8, ['circle', 'stripes']),
      out: join(other, 'shards'),
    });
    const flags = { ...SMALL, recipe: 'warm-start', weights: join(first, 'model', 'training'), epochs: 1 };
    const context = await openRun({ ...TINY, run: second, library: join(other, 'shards'), flags });
    for (const [, work] of STAGE_WORK.slice(0, 3)) await work(context);
    const facts = await factsOf(second);
    expect(facts.labels.map((label) => label.id)).toEqual(['circle', 'stripes']);
    expect(facts.phases).toMatchObject([{ name: 'all layers', trains: 'all', bestEpoch: 1 }]);
    expect(facts.trainingSeconds).toBeGreaterThan(0);
  }, 60_000);

  test('P4-06: without a published version warm-start says what it needs', async () => {
    await expect(train(await scratch(), { recipe: 'warm-start' })).rejects.toThrow('--models');
  });

  test('from-scratch refuses pretrained weights instead of leaving them out silently', async () => {
    await expect(train(await scratch(), { recipe: 'from-scratch', weights: 'imagenet' })).rejects.toThrow(
      'begins with random weights',
    );
  });

  test('the search for a learning rate leaves its points for the plot, and its rate is taken', async () => {
    const run = await scratch();
    await train(run, { recipe: 'two-stage', findRate: true, epochs: 1 });
    const [, blocks] = (await factsOf(run)).phases;
    expect(blocks?.rateCurve?.points.length).toBeGreaterThan(10);
    expect(blocks?.learningRate).toBe(blocks?.rateCurve?.valley);
  }, 60_000);

  test('every option of a phase can be used in every phase', async () => {
    const run = await scratch();
    const options = { dropout: 0.2, mixup: 0.4, classWeights: true, labelSmoothing: 0.1, weightDecay: 0.01 };
    await train(run, { recipe: 'two-stage', epochs: 1, finalBlocks: 2, augment: 'strong', ...options });
    expect((await factsOf(run)).phases.map((p) => [p.name, p.waited !== null])).toEqual([
      ['head', false],
      ['final blocks', true],
    ]);
  }, 120_000);

  test('more final blocks than there are is a wrong setting', async () => {
    const flags = { recipe: 'two-stage', finalBlocks: 14 };
    await expect(train(await scratch(), flags)).rejects.toThrow('at most 13 blocks can be the final ones');
  });
});
