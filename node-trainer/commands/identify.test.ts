import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Command } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';

import type { Identified } from '#shared/schema/identified.ts';
import { labelKey } from '#shared/schema/names.ts';

import { writeTables } from '../run/identify-table.ts';
import { tableOfRun } from '../run/table-of-run.ts';
import { WHOLE_TABLE } from '../run/table-view.ts';
import { drawColours } from '../testing/colours.ts';
import { scratch } from '../testing/shapes.ts';
import { tinyVersion } from '../testing/tiny-version.ts';
import { verdictOn } from './exit-codes.ts';
import { addIdentify } from './identify.ts';
import { addMerge } from './merge.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Calls a command in this process. @returns what it printed and how it ended */
async function call(...args: string[]): Promise<{ exit: number; said: string; printed: string }> {
  let [said, printed] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((printed += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += String(text)), true));
  const program = new Command().exitOverride();
  for (const add of [addIdentify, addMerge]) add(program);
  for (const command of program.commands) command.exitOverride();
  const exit = await program.parseAsync(args, { from: 'user' }).then(
    () => 0,
    (error: unknown) => {
      said += String(error);
      return verdictOn(error).exit;
    },
  );
  vi.restoreAllMocks();
  return { exit, said, printed };
}

describe('identify and merge on the command line', () => {
  test('a shard, the index of a pod, and the merged table, filtered', async () => {
    const folder = await scratch();
    const source = await drawColours(join(folder, 'photos'), 7);
    const model = await tinyVersion(join(folder, '007'));
    const [parts, out] = [join(folder, 'parts'), join(folder, 'table.csv')];
    const identify = ['identify', source, '--model', model, '--out', parts, '--engine', 'cpu', '--json'];
    const first = await call(...identify, '--shard', '1/2');
    expect(JSON.parse(first.printed)).toMatchObject({ from: 0, to: 3, rows: 3, kept: false });
    expect(JSON.parse((await call(...identify, '--shard', '1/2')).printed)).toMatchObject({ kept: true });
    expect((await call('merge', '--in', parts, '--out', out)).exit).toBe(3);
    vi.stubEnv('JOB_COMPLETION_INDEX', '1');
    expect((await call(...identify, '--shards', '2')).exit).toBe(0);
    const merged = await call('merge', '--in', parts, '--out', out, '--min-score', '0.5', '--sort', 'score');
    expect(merged.printed).toMatch(/^2 parts, 7 photos: 7 identified/);
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\r\n');
    expect(merged.printed).toContain(`${lines.length - 1} rows: ${out}`);
  });

  const photos = ['identify', 'photos', '--model', 'm', '--out', 'o.csv'];
  test.each([
    [[...photos, '--shard', '0/2'], /from 1 to n/],
    [[...photos, '--shards', '2'], /JOB_COMPLETION_INDEX/],
    [[...photos, '--shard', '1/2', '--sort', 'score'], /menagerie merge/],
    [[...photos, '--sort', 'size'], /--sort: expected one of input, score, top1, file/],
    [[...photos, '--min-score', '95'], /--min-score: expected a score from 0 to 1/],
    [[...photos, '--min-score', '0.9', '--max-score', '0.1'], /no row can be both/],
    [[...photos, '--threshold', '0.5'], /--threshold <score> is a setting of runs/],
    [['identify', '--run', 'r', '--sort', 'score'], /needs --out/],
    [['identify', '--run', 'r', '--shard', '1/2'], /in one go/],
    [['identify', 'photos'], /identify needs/],
    [['merge', '--in', 'parts'], /merge needs/],
    [['merge', '--in', 'parts', '--out', 'table.xlsx'], /\.csv or \.ndjson/],
  ])('%j is wrong usage', async (args, message) => {
    const { exit, said } = await call(...args);
    expect(said).toMatch(message);
    expect(exit).toBe(2);
  });
});

test("P5-39: a run's table sorted and filtered as often as wanted", async () => {
  const run = await scratch();
  await mkdir(join(run, 'identify'));
  const rows = async function* (): AsyncGenerator<Identified> {
    for (const [row, score] of [0.3, 0.99, 0.6].entries()) {
      const lion = labelKey('Lion');
      const top = [{ class: lion, name: 'Lion', score }];
      const answer = score > 0.95 ? lion : null;
      yield await Promise.resolve({ row, file: `${row}.jpg`, photo: null, top, answer, scores: [score] });
    }
  };
  await writeTables(rows(), [{ path: join(run, 'identify', 'identify.ndjson'), format: 'ndjson' }]);
  const out = join(run, 'sorted.csv');
  expect(await tableOfRun(run, out, { ...WHOLE_TABLE, sort: 'score', minScore: 0.5 })).toEqual({
    rows: 2,
    answers: 1,
  });
  const lines = (await readFile(out, 'utf8')).trimEnd().split('\r\n').slice(1);
  expect(lines).toEqual(['1.jpg,Lion,0.99,,,,,Lion', '2.jpg,Lion,0.6,,,,,']);
});
