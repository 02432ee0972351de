import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { drawFolders } from '../testing/shapes.ts';

const MENAGERIE = resolve(import.meta.dirname, '..', 'bin', 'menagerie.mjs');
const elsewhere = mkdtempSync(join(tmpdir(), 'menagerie-cli-'));
afterAll(() => {
  rmSync(elsewhere, { recursive: true, force: true });
});

/** As a user does, from a folder that has nothing to do with the project. */
function menagerie(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MENAGERIE, ...args], {
    cwd: elsewhere,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

describe('the command line', () => {
  test('help lists every command of the contract and the exit codes', () => {
    const { code, stdout } = menagerie('--help');
    expect(code).toBe(0);
    const names = [
      'doctor',
      'import',
      'run',
      'extract',
      'build',
      'train',
      'evaluate',
      'score',
      'export',
      'identify',
    ];
    for (const name of [...names, 'preview', 'merge', 'publish', 'rollback', 'serve'])
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    expect(stdout).toContain('Exit codes');
  });

  test.each([
    ['a misspelt command', ['dcotor'], /Did you mean doctor/],
    ['a misspelt option', ['serve', '--prot', '1'], /Did you mean --port/],
    ['a missing option', ['publish', '--run', 'x'], /--models/],
    ['a value that can not be', ['serve', '--port', '99999'], /port from 0 to 65535/],
  ])('%s is wrong usage: 2', (_, args, message) => {
    const { code, stderr } = menagerie(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('preview draws a sheet a class; --no-flop takes names, and one that means nothing is 2', async () => {
    await drawFolders(join(elsewhere, 'zoo'), 2);
    const preview = (...more: string[]) =>
      menagerie('preview', '--library', 'zoo', '--out', 'sheets', ...more);
    const { code, stdout } = preview('--no-flop', 'circle, Square', '--count', '1', '--json');
    expect(code).toBe(0);
    const { sheets } = JSON.parse(stdout) as { sheets: { file: string; flop: boolean }[] };
    expect(sheets.map((s) => [s.file, s.flop])).toEqual([
      ['circle.png', false],
      ['square.png', false],
      ['stripes.png', true],
    ]);
    const wrong = preview('--no-flop', 'tapir');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('--no-flop: there is no class or sub-class "tapir". There are: circle');
  });

  test('bad input is 3; where it happened is only told to those who ask', () => {
    const args = ['rollback', '--models', 'store', '--to', '3'];
    const short = menagerie(...args);
    expect(short.code).toBe(3);
    expect(short.stderr).toMatch(/Version 003 is not in the catalog/);
    expect(short.stderr).not.toMatch(/\bat .*\.ts/);
    expect(menagerie('--debug', ...args).stderr).toMatch(/\bat .*rollback\.ts/);
  });

  test('doctor says of every engine whether it works, as one JSON object', () => {
    const { code, stdout } = menagerie('doctor', '--json');
    expect(code).toBe(0);
    const { engines, engine } = JSON.parse(stdout) as {
      engines: { engine: string; usable: boolean }[];
      engine: string;
    };
    expect(engines.map((e) => e.engine)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu']);
    expect(engines.find((e) => e.engine === 'wasm')?.usable).toBe(true);
    expect(engine).toBe(engines.find((e) => e.usable)?.engine);
  });

  test.skipIf(process.platform === 'win32')(
    'serve prints its address, answers, and ends politely',
    async () => {
      const { child, url, ended } = await serve();
      expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true, version: null });
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
  );

  test.skipIf(process.platform === 'win32')(
    'serve goes on, and ends, when nobody listens any more',
    async () => {
      const { child, url, ended } = await serve();
      child.stdout.destroy();
      child.stderr.destroy();
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
  );
});

async function serve() {
  const child = spawn(process.execPath, [MENAGERIE, 'serve', '--port', '0', '--data', 'data'], {
    cwd: elsewhere,
  });
  const ended = new Promise((done) => child.on('exit', done));
  const url = await new Promise<string>((done) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /http:\/\/\S+/.exec(chunk.toString());
      if (found) done(found[0]);
    });
  });
  return { child, url, ended };
}
