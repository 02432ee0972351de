import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { StoreError } from './problems.ts';

/**
 * Does work while no other process changes the store. The lock of a process that is gone is taken over.
 * @throws StoreError where another process is at it
 */
export async function whileLocked<T>(store: string, work: () => Promise<T>): Promise<T> {
  await mkdir(store, { recursive: true });
  const file = join(store, '.lock');
  await take(file, 1);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, retries: number): Promise<void> {
  try {
    await writeFile(file, `${process.pid} ${hostname()}`, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (retries === 0 || (await isHeld(file))) {
      throw new StoreError(
        `Another process is changing this model store (${file}). Wait for it, then run the same command again; ` +
          'if there is none, remove that file. Nothing was changed.',
      );
    }
    await rm(file, { force: true });
    await take(file, retries - 1);
  }
}

async function isHeld(file: string): Promise<boolean> {
  const [pid, host] = (await readFile(file, 'utf8').catch(() => '')).split(' ');
  // The process of another machine can't be asked; an empty lock was cut while it was written.
  if (host !== undefined && host !== hostname()) return true;
  return Number(pid) > 0 && isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
