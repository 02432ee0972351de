import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { gateRecord, type GateResult } from '#shared/schema/gate.ts';
import type { BenchmarkKind } from '#shared/schema/benchmark.ts';
import { labelKey } from '#shared/schema/names.ts';

import { importLibrary } from './library/import-folder.ts';
import { runStages } from './run.ts';
import { openLog } from './run/log.ts';
import { openRun, type RunRequest } from './run/open-run.ts';
import { rowsForModel } from './run/production-rows.ts';
import { publishRun, type PublishRequest } from './run/publish-run.ts';
import { runFolder } from './run/run-folder.ts';
import { readScoresIndex } from './run/scores-file.ts';
import { score } from './stages/score.ts';
import { readCatalog } from './store/catalog.ts';
import type { Published } from './store/publish.ts';
import { rollback } from './store/rollback.ts';
import { listVersions } from './store/versions.ts';
import { drawShape, drawFolders, scratch } from './testing/shapes.ts';
import { TINY } from './testing/tiny.ts';

/** Targets that any model meets. */
const LENIENT = {
  v: 1,
  difficult: { truePositive: 0, falsePositive: 1 },
  'out-of-scope': { falsePositive: 1 },
  'most-common': { errors: 100 },
  'least-common': { truePositive: 0 },
  'weighted-log-loss': { tolerance: 100 },
};

/** Half of the photos validate: enough that two splits share some. */
const HALVES = { ...TINY.flags, split: '50-50-0' };

let shared = '';
let lenient = '';
/** A run that no model store had anything to do with; tests only publish it. */
let first = '';
/** The same library, split in another way, so that its validation photos are others. */
let other = '';

beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'menagerie-gate-'));
  lenient = await jsonFile('lenient.json', LENIENT);
  const benchmarks = [
    { kind: 'difficult', path: await drawBenchmark('shade', ['circle', 'stripes']) },
    { kind: 'out-of-scope', path: await drawBenchmark('pranks', ['square']) },
    { kind: 'most-common', path: await drawBenchmark('bread', ['square']) },
    { kind: 'least-common', path: await drawBenchmark('okapi', ['stripes']) },
  ] as const;
  const source = await drawFolders(join(shared, 'photos'), 10);
  await importLibrary({ source, out: join(shared, 'library'), options: { benchmarks } });
  first = join(shared, 'first');
  other = join(shared, 'other');
  await run(first);
  await run(other, { flags: { ...HALVES, seed: 2 } });
}, 120_000);
afterAll(() => rm(shared, { recursive: true, force: true }));

let drawn = 40;
async function drawBenchmark(name: string, classes: readonly string[]): Promise<string> {
  const root = join(shared, name);
  for (const shape of classes) {
    await drawFolders(root, 0, [shape]);
    for (let n = 0; n < 2; n++)
      await writeFile(join(root, shape, `${n}.jpg`), await drawShape(shape, drawn++));
  }
  return root;
}

async function jsonFile(name: string, value: unknown): Promise<string> {
  const path = join(shared, name);
  await writeFile(path, JSON.stringify(value));
  return path;
}

async function run(folder: string, more: Partial<RunRequest> = {}): Promise<void> {
  await runStages(
    await openRun({ ...TINY, flags: HALVES, run: folder, library: join(shared, 'library'), ...more }),
  );
}

function publish(folder: string, models: string, more: Partial<PublishRequest> = {}): Promise<Published> {
  return publishRun({ run: folder, models, log: openLog(join(folder, 'run.log'), TINY.listener), ...more });
}

async function gateOf(folder: string): Promise<GateResult> {
  const path = join(folder, 'report', 'gate.json');
  return gateRecord.read(JSON.parse(await readFile(path, 'utf8')), path);
}

/** The first run in a folder of its own: what is done there is kept. */
async function copied(): Promise<string> {
  const folder = await scratch();
  await cp(first, folder, { recursive: true });
  return folder;
}

async function photosOf(folder: string, set: string): Promise<string[]> {
  const { sets, items } = await readScoresIndex(join(folder, 'scores'));
  const range = sets.find((s) => s.name === set);
  return items.slice(range?.from, range?.to).map((item) => item.photo);
}

/** A store whose version 001 is `first`, whatever the gate says. */
async function storeWithFirst(): Promise<string> {
  const models = await scratch();
  await publish(first, models, { targets: lenient });
  return models;
}

const OVERRIDE = { reason: 'the fair opens tomorrow', by: 'Ann' };

describe('the release gate of a run', () => {
  test('is part of its report: every check of every benchmark, with what is missing named', async () => {
    const { decision, checks, comparisons, comparedWith } = await gateOf(first);
    expect(decision).toBe('no-go');
    expect(comparedWith).toBeNull();
    expect(checks.map((c) => [c.check, c.set])).toEqual([
      ['difficult-true-positive', 'benchmark:shade'],
      ['difficult-false-positive', 'benchmark:shade'],
      ['out-of-scope-false-positive', 'benchmark:pranks'],
      ['most-common-errors', 'benchmark:bread'],
      ['least-common-true-positive', 'benchmark:okapi'],
      ['weighted-log-loss', null],
    ]);
    expect(
      comparisons.map((c): [BenchmarkKind, number | undefined] => [
        c.kind,
        (c.known.measured ?? c.outOfScope.measured)?.images,
      ]),
    ).toEqual([
      ['most-common', 2],
      ['least-common', 2],
      ['out-of-scope', 2],
      ['difficult', 4],
    ]);
  });

  test('go: meets its targets, is published, and its card says by what', async () => {
    const models = await scratch();
    const { version, card } = await publish(first, models, { targets: lenient });
    expect(version).toBe(1);
    expect(card.gate).toMatchObject({ decision: 'go', reasons: [], override: null });
    expect(card.gate.checks.filter((c) => c.outcome === 'passed')).toHaveLength(5);
  });

  test('no-go: refused with each reason, and the store stays as it was', async () => {
    const models = await scratch();
    const refused = publish(first, models);
    await expect(refused).rejects.toMatchObject({ name: 'PublishRefused', gate: { decision: 'no-go' } });
    const { reasons } = await gateOf(first);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) await expect(refused).rejects.toThrow(reason);
    expect(await readdir(models)).toEqual([]);
  });

  test('a person may overrule it: reason, name, time and failed checks stand in the card, also after a rollback', async () => {
    const models = await scratch();
    const { card } = await publish(first, models, { override: OVERRIDE });
    expect(card.gate).toMatchObject({ decision: 'no-go', override: { ...OVERRIDE, at: card.publishedAt } });
    await publish(other, models, { override: OVERRIDE });
    await rollback(models, 1);
    const [newest, oldest] = await listVersions(models);
    expect([newest?.current, oldest?.current]).toEqual([false, true]);
    expect(oldest?.card?.gate).toEqual(card.gate);
  });

  test('a run that was scored again is exported again first: what is published is what was judged', async () => {
    const [folder, models] = [await copied(), await scratch()];
    await score(await openRun({ ...TINY, flags: { threshold: 0.5 }, run: folder, resume: true }));
    await expect(publish(folder, models, { override: OVERRIDE })).rejects.toThrow(/menagerie export --run/);
    await run(folder, { resume: true, flags: {} });
    expect((await publish(folder, models, { override: OVERRIDE })).card.threshold).toBe(0.5);
  });

  test('an override of a go is not needed and not written down', async () => {
    const { card } = await publish(first, await scratch(), { targets: lenient, override: OVERRIDE });
    expect(card.gate).toMatchObject({ decision: 'go', override: null });
  });

  test('P2-05, P4-24: a throw-away run is never published, override or not', async () => {
    const [folder, models] = [await copied(), await scratch()];
    await run(folder, { flags: { ...HALVES, throwAway: true } });
    const refused = publish(folder, models, { targets: lenient, override: OVERRIDE });
    await expect(refused).rejects.toThrow(/throw-away/);
    expect(await readdir(models)).toEqual([]);
  });
});

describe('targets', () => {
  test('of the store hold for everything that is published into it; a file that is named wins over them', async () => {
    const models = await scratch();
    await writeFile(join(models, 'targets.json'), JSON.stringify(LENIENT));
    const strict = await jsonFile('strict.json', { ...LENIENT, 'least-common': { truePositive: 1 } });
    await expect(publish(first, models, { targets: strict })).rejects.toThrow(/Least-common.*all wanted/);
    expect((await publish(first, models)).card.gate.decision).toBe('go');
  });

  test.each([
    ['a share in percent', { v: 1, difficult: { truePositive: 80 } }, /wrong\.json.*difficult\.truePositive/],
    ['a newer version', { v: 9 }, /Update Menagerie/],
  ])('%s is named with the file, and nothing is published', async (_, wrong, message) => {
    const models = await scratch();
    const targets = await jsonFile('wrong.json', wrong);
    await expect(publish(first, models, { targets })).rejects.toThrow(message);
    expect(await readdir(models)).toEqual([]);
  });

  test('a file that is not there is wrong usage', async () => {
    const targets = join(shared, 'nowhere.json');
    await expect(publish(first, await scratch(), { targets })).rejects.toMatchObject({ name: 'OptionError' });
  });

  test('a wrong file is told before the run begins, not after hours of training', async () => {
    const [folder, models] = [await scratch(), await scratch()];
    await writeFile(
      join(models, 'targets.json'),
      JSON.stringify({ v: 1, difficult: { truePositives: 0.8 } }),
    );
    await expect(run(folder, { models })).rejects.toThrow(/targets\.json.*difficult\.truePositives/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('another targets file makes another report, and the same keeps it', async () => {
    const folder = await copied();
    await run(folder, { targets: lenient });
    expect((await gateOf(folder)).decision).toBe('go');
    await run(folder, { resume: true, flags: {}, library: undefined });
    const log = await readFile(join(folder, 'run.log'), 'utf8');
    expect(log.match(/info score: done/g)).toHaveLength(2);
    expect(log.match(/info score: already done/g)).toHaveLength(1);
  });
});

describe('what is in production', () => {
  test('P3-19: compares by what it was published with where it saw the same photos', async () => {
    const [models, folder] = [await storeWithFirst(), await scratch()];
    await run(folder, { models, targets: lenient, flags: { ...HALVES, epochs: 1 } });
    const { comparedWith, checks, comparisons } = await gateOf(folder);
    expect(comparedWith).toBe(1);
    for (const check of checks) expect(check.production, check.check).not.toBeNull();
    for (const { known, outOfScope } of comparisons)
      expect(known.production ?? outOfScope.production).not.toBeNull();
    expect(await readFile(join(folder, 'run.log'), 'utf8')).not.toContain('gate: running version');
  });

  test('is run over the photos of the new run where it saw others, once', async () => {
    const models = await storeWithFirst();
    const log = async (): Promise<number> =>
      (await readFile(join(other, 'run.log'), 'utf8')).match(/gate: running version 001/g)?.length ?? 0;
    const before = await log();
    await expect(publish(other, models)).rejects.toMatchObject({ name: 'PublishRefused' });
    const { card } = await publish(other, models, { targets: lenient });
    expect(await log()).toBe(before + 1);
    const loss = card.gate.checks.find((c) => c.check === 'weighted-log-loss');
    // Production would look better on what it was trained on.
    const learnt = new Set(await photosOf(first, 'training'));
    const validation = await photosOf(other, 'validation');
    const fair = validation.filter((photo) => !learnt.has(photo)).length;
    expect(fair).toBeGreaterThan(0);
    expect(fair).toBeLessThan(validation.length);
    expect(loss?.sentence).toContain(
      `the ${fair} of ${validation.length} photos that both versions know and neither learnt from`,
    );
    const own = (await gateOf(first)).comparisons.map((c) => c.known.measured);
    expect((await gateOf(other)).comparisons.map((c) => c.known.production)).toEqual(own);
  });

  test('is judged by its own merge rules: what it does not know is out of scope for it (design §2.5)', async () => {
    const [circle, stripes] = [labelKey('circle'), labelKey('stripes')];
    const merged = { id: labelKey('round or long'), name: 'x', subClasses: [circle, stripes], note: '' };
    const rows = await rowsForModel(runFolder(first), [merged], 'validation');
    const truths = (set: string): (string | null)[] => rows.filter((r) => r.set === set).map((r) => r.truth);
    expect(new Set(truths('validation'))).toEqual(new Set([merged.id, null]));
    expect(truths('benchmark:shade')).toEqual(Array(4).fill(merged.id));
    expect([...truths('benchmark:bread'), ...truths('benchmark:pranks')]).toEqual(Array(4).fill(null));
    expect(truths('training')).toEqual([]);
  });

  test('is not this very model: published again, it is what it was', async () => {
    const [models, folder] = [await scratch(), await copied()];
    await run(folder, { models, targets: lenient });
    await publish(folder, models);
    await run(folder, { models, targets: lenient });
    expect((await gateOf(folder)).comparedWith).toBeNull();
    expect(await publish(folder, models)).toMatchObject({ version: 1, already: true });
  });

  const damages: readonly (readonly [string, string, (bytes: Buffer) => Buffer | null, RegExp])[] = [
    ['a card that is gone', '001/card.json', () => null, /card\.json is missing/],
    [
      'a card that was altered',
      '001/card.json',
      (b) => Buffer.from(String(b).replace('cpu', 'gpu')),
      /not the card/,
    ],
    ['a card of a newer Menagerie', '001/card.json', () => Buffer.from('{"v":99}'), /Update Menagerie/],
    ['figures that were altered', '001/report/metrics.json', (b) => flipped(b), /metrics\.json is damaged/],
    ['a network that was altered', '001/weights.bin', (b) => flipped(b), /weights\.bin is damaged/],
  ];
  test.each(damages)(
    '%s never passes silently, and never crashes the gate',
    async (_, name, damage, reason) => {
      const models = await storeWithFirst();
      const path = join(models, name);
      const bytes = damage(await readFile(path));
      await (bytes ? writeFile(path, bytes) : rm(path));
      await expect(publish(other, models, { targets: lenient })).rejects.toThrow(reason);
      expect((await readCatalog(models)).current).toBe(1);
      const { card } = await publish(other, models, { targets: lenient, override: OVERRIDE });
      expect(card.gate.checks.find((c) => c.check === 'production')?.outcome).toBe('failed');
      expect((await readCatalog(models)).current).toBe(2);
    },
  );

  test('a broken catalog does not lose a training: the gate says no, and publishing names the file', async () => {
    const [models, folder] = [await scratch(), await copied()];
    await writeFile(join(models, 'catalog.json'), '{');
    await run(folder, { models, targets: lenient });
    expect((await gateOf(folder)).reasons[0]).toMatch(/catalog\.json: broken JSON/);
    await expect(publish(folder, models, { override: OVERRIDE })).rejects.toThrow(
      /catalog\.json: broken JSON/,
    );
  });
});

describe('the command line', () => {
  const menagerie = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [join(import.meta.dirname, 'bin', 'menagerie.mjs'), ...args], {
      encoding: 'utf8',
    });
  const json = (text: string): { version: number | null; gate: GateResult } =>
    JSON.parse(text) as ReturnType<typeof json>;

  test('a run whose gate says no-go finishes everything, ends with 4 and says what to do', async () => {
    const [folder, models] = [await copied(), await scratch()];
    const { status, stdout, stderr } = menagerie(
      'run',
      '--run',
      folder,
      '--resume',
      '--models',
      models,
      '--json',
    );
    expect(status).toBe(4);
    const { version, gate } = json(stdout);
    expect([version, gate.decision]).toEqual([null, 'no-go']);
    for (const reason of gate.reasons) expect(stderr).toContain(`- ${reason}`);
    expect(stderr).toContain(`are kept in ${folder}`);
    expect(stderr).toContain(`menagerie publish --run ${folder} --models ${models} --override "…"`);
    expect(await readdir(join(folder, 'model', 'export'))).toContain('weights.bin');
  });

  test('publish --json says no with every check, and yes with the override', async () => {
    const [folder, models] = [await copied(), await scratch()];
    const flags = ['publish', '--run', folder, '--models', models, '--json'];
    const refused = menagerie(...flags);
    expect(refused.status).toBe(4);
    expect(json(refused.stdout)).toMatchObject({ version: null, gate: { decision: 'no-go' } });
    const published = menagerie(...flags, '--override', OVERRIDE.reason, '--by', OVERRIDE.by);
    expect(published.status).toBe(0);
    expect(json(published.stdout)).toMatchObject({ version: 1, current: 1, gate: { override: OVERRIDE } });
    const { stdout } = menagerie('versions', '--models', models);
    expect(stdout).toMatch(/^\* 001 .*gate: no-go, overruled by Ann: the fair opens tomorrow/);
  });

  test('an override without a reason is wrong usage', () => {
    const { status, stderr } = menagerie('publish', '--run', first, '--models', shared, '--override', ' ');
    expect([status, stderr]).toEqual([2, expect.stringContaining('expected a reason')]);
  });
});

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.length >> 1;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
