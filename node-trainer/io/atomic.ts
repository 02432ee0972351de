import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file whole or not at all, and so that a power cut cannot undo it: beside its place, to the disk, then renamed.
 * Missing folders are made.
 * @throws the file system's error, e.g. ENOSPC; what was there before is then still there
 */
export async function writeAtomic(path: string, data: string | Uint8Array): Promise<void> {
  await replaceFile(path, async (aside) => {
    const file = await open(aside, 'wx');
    try {
      await file.writeFile(data);
    } finally {
      await file.close();
    }
  });
}

/**
 * Replaces a file by one that `write` makes at the path it is given.
 * @throws what `write` or the file system throws; what was there before is then still there
 */
export async function replaceFile(path: string, write: (aside: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const aside = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    await write(aside);
    await flush(aside);
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await flushFolder(dirname(path));
}

/** Forces every file below a folder, and the folders themselves, to the disk. */
export async function flushTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    await (entry.isDirectory() ? flushTree(path) : flush(path));
  }
  await flushFolder(folder);
}

/** Forces the names in a folder to the disk, so that a rename survives a power cut. */
export async function flushFolder(folder: string): Promise<void> {
  // Windows can neither open a folder nor needs to.
  if (process.platform !== 'win32') await flush(folder);
}

async function flush(path: string): Promise<void> {
  const file = await open(path, process.platform === 'win32' ? 'r+' : 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
