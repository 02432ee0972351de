import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { test as base } from '@playwright/test';

export const ROOT = resolve(import.meta.dirname, '..', '..');

/** Real photos for trying; absent on most machines. */
export const DATA = resolve(ROOT, '..', 'shared', 'data');
export const HAS_DATA = existsSync(join(DATA, 'zoo')) && existsSync(join(DATA, 'backbones'));

/** A server of its own for each test, with an empty model store and an own folder for everything. */
export interface House {
  readonly url: string;
  readonly folder: string;
  readonly models: string;
  readonly data: string;
}

export const test = base.extend<{ house: House }>({
  house: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'menagerie-e2e-'));
    const house = { folder, models: join(folder, 'models'), data: join(folder, 'data') };
    const { url, process } = await serve(house.models, house.data);
    await use({ ...house, url });
    process.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  },
});

export { expect } from '@playwright/test';

/** Starts `menagerie serve` on a free port and waits until it prints its address. */
export async function serve(
  models: string,
  data: string,
  port = 0,
): Promise<{ url: string; process: ChildProcess }> {
  if (!existsSync(join(ROOT, 'dist', 'web', 'index.html'))) throw new Error('run `npm run build` first');
  const args = ['serve', '--port', String(port), '--models', models, '--data', data];
  const child = spawn(process.execPath, [join(ROOT, 'node-trainer/bin/menagerie.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await new Promise<string>((done, fail) => {
    let text = '';
    const look = (chunk: Buffer): void => {
      text += chunk.toString();
      const match = /https?:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(text);
      if (match) done(match[0]);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('exit', (code) => {
      fail(new Error(`the server stopped with ${String(code)}: ${text}`));
    });
  });
  return { url, process: child };
}

/** Result of one `menagerie` call. */
export interface Call {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user would. */
export async function menagerie(...args: readonly string[]): Promise<Call> {
  const child = spawn(process.execPath, [join(ROOT, 'node-trainer/bin/menagerie.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number>((done) => child.on('close', (c) => done(c ?? 1)));
  return { code, stdout, stderr };
}
