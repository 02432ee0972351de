import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { replaceFile, writeAtomic } from './atomic.ts';
import { sha256, sha256File } from './hash.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menagerie-io-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file is replaced as a whole, and missing folders are made', async () => {
  const path = join(folder, 'a', 'b.json');
  await writeAtomic(path, 'first');
  await writeAtomic(path, new Uint8Array([50, 51]));
  expect(await readFile(path, 'utf8')).toBe('23');
  expect(await readdir(join(folder, 'a'))).toEqual(['b.json']);
});

test('a write that fails half-way leaves the old file and no litter', async () => {
  const path = join(folder, 'a.json');
  await writeAtomic(path, 'old');
  const cut = replaceFile(path, async (aside) => {
    await writeFile(aside, 'ne');
    throw new Error('cut');
  });
  await expect(cut).rejects.toThrow('cut');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a.json']);
});

test('a file hashes in pieces to what its bytes hash to at once', async () => {
  const bytes = new Uint8Array(3_000_001).map((_, i) => i % 251);
  await writeFile(join(folder, 'x'), bytes);
  expect(await sha256File(join(folder, 'x'))).toBe(sha256(bytes));
  expect(sha256(new Uint8Array())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
