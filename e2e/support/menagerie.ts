import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { test as base } from '@playwright/test';

export const ROOT = resolve(import.meta.dirname, '..', '..');

const BUILT = join(ROOT, 'dist', 'web');
const CLI = join(ROOT, 'node-trainer', 'bin', 'menagerie.mjs');

/** Real photos for trying; absent on most machines. */
export const DATA = resolve(ROOT, '..', 'shared', 'data');
export const HAS_DATA = existsSync(join(DATA, 'zoo')) && existsSync(join(DATA, 'backbones'));

/** A server of its own for each test, with an empty model store and an own folder for everything. */
export interface House {
  readonly url: string;
  readonly folder: string;
  readonly models: string;
  readonly data: string;
  /** A copy of the built app, to deploy new versions of. */
  readonly web: string;
}

export const test = base.extend<{ house: House }>({
  // Playwright wants the braces even where nothing is taken out of them.
  // eslint-disable-next-line no-empty-pattern
  house: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'menagerie-e2e-'));
    const house = {
      folder,
      models: join(folder, 'models'),
      data: join(folder, 'data'),
      web: join(folder, 'web'),
    };
    await cp(BUILT, house.web, { recursive: true });
    const server = await serve(house);
    await use({ ...house, url: server.url });
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  },
});

export { expect } from '@playwright/test';

/** Starts `menagerie serve` on a free port and waits until it prints its address. */
export async function serve(
  house: Pick<House, 'models' | 'data' | 'web'>,
  port = 0,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const places = ['--models', house.models, '--data', house.data, '--web', house.web];
  const child = spawn(process.execPath, [CLI, 'serve', '--port', String(port), ...places], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((done) =>
    child.once('exit', () => {
      done();
    }),
  );
  const url = await new Promise<string>((done, fail) => {
    let text = '';
    const look = (chunk: Buffer): void => {
      text += chunk.toString();
      const match = /https?:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(text);
      if (match) done(match[0]);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('exit', (code) => {
      fail(new Error(`the server stopped with ${String(code)}: ${text}`));
    });
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, stop };
}

/** Result of one `menagerie` call. */
export interface Call {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user would. */
export async function menagerie(...args: readonly string[]): Promise<Call> {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number>((done) =>
    child.on('close', (c) => {
      done(c ?? 1);
    }),
  );
  return { code, stdout, stderr };
}
