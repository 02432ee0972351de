import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { EngineReport } from '../engines/engine.ts';
import type { Machine } from '../run/machine.ts';
import { parseCards } from '../run/machine.ts';
import { drawFolders } from '../testing/shapes.ts';
import { addDoctor, advice } from './doctor.ts';
import { EXIT, verdictOn } from './exit-codes.ts';

const state = vi.hoisted(() => ({ free: 1e12, usable: true }));
vi.mock('../io/room.ts', async (original) => ({
  ...(await original<object>()),
  freeBytes: () => Promise.resolve(state.free),
}));
vi.mock('../engines/engine.ts', () => ({
  inspectEngines: () =>
    Promise.resolve([{ engine: 'cpu', usable: state.usable, detail: 'plain JavaScript', mend: '' }]),
}));

let [folder, printed] = ['', ''];
beforeEach(async () => {
  folder = await drawFolders(await mkdtemp(join(tmpdir(), 'menagerie-doctor-')), 2);
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  Object.assign(state, { free: 1e12, usable: true });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

async function doctor(...args: string[]): Promise<number> {
  const program = new Command();
  addDoctor(program);
  return program.parseAsync(['doctor', ...args], { from: 'user' }).then(
    () => EXIT.ok,
    (error: unknown) => verdictOn(error).exit,
  );
}

describe('doctor', () => {
  test('prints engines, memory, disk and the need of a library (P5-08)', async () => {
    expect(await doctor('--library', folder)).toBe(EXIT.ok);
    expect(printed).toMatch(/Node .* cores, .* of memory/);
    expect(printed).toMatch(/Disk: .* free at/);
    expect(printed).toMatch(/6 photos of 299 px need about \d+ MiB .* it fits in/);
    expect(printed).toMatch(/Training uses cpu/);
  });

  test('a library that does not fit is 5, and the report is still whole', async () => {
    state.free = 100;
    expect(await doctor('--library', folder, '--json')).toBe(EXIT.notUsable);
    const report = JSON.parse(printed) as { library: { fits: boolean; needed: number }; tools: unknown[] };
    expect(report.library.fits).toBe(false);
    expect(report.library.needed).toBeGreaterThan(100);
    expect(report.tools).toHaveLength(4);
  });

  test('no engine is 5; no library at the path is 3', async () => {
    state.usable = false;
    expect(await doctor()).toBe(EXIT.notUsable);
    expect(await doctor('--library', join(folder, 'nowhere'))).toBe(EXIT.badInput);
  });
});

describe('what would make it faster', () => {
  const tensorflow = (usable: boolean, detail: string): EngineReport => ({
    engine: 'tensorflow',
    usable,
    detail,
    mend: '',
  });
  const card = parseCards('NVIDIA H100 80GB HBM3, 81559, 81069, 550.54.15\n');
  const tool = (found: string | null): Machine['tools'] => [{ name: 'pip', found, from: 'python3-pip' }];
  const machine = { system: 'linux x64', cards: [], tools: tool('pip 23') };

  test('a card is read as its driver tells it', () => {
    expect(card).toEqual([
      { name: 'NVIDIA H100 80GB HBM3', memory: 81559 * 2 ** 20, free: 81069 * 2 ** 20, driver: '550.54.15' },
    ]);
    expect(parseCards('No devices were found\n')).toEqual([]);
  });

  test('nothing where TensorFlow runs on the best there is', () => {
    expect(advice(machine, [tensorflow(true, 'TensorFlow 2.21 on the processor')])).toEqual([]);
    expect(advice({ ...machine, cards: card }, [tensorflow(true, '2.21 on an NVIDIA card')])).toEqual([]);
  });

  test('else the commands in the order of doing, missing tools first, CUDA where there is a card', () => {
    expect(advice({ ...machine, tools: tool(null) }, [tensorflow(false, 'not installed')])).toEqual([
      'apt-get install python3-pip',
      'npm run native',
    ]);
    expect(advice({ ...machine, cards: card }, [tensorflow(true, 'on the processor')])).toEqual([
      'npm run native -- --cuda',
    ]);
  });

  test('other systems have no such wheel', () => {
    expect(advice({ ...machine, system: 'darwin arm64' }, [tensorflow(false, 'not installed')])).toEqual([]);
  });
});
