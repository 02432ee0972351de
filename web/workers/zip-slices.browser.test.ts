import { expect, test } from 'vitest';

import { deflatedZeros, forgeZip, type Forged } from './testing/zips.ts';
import { readEntry, zippedFiles } from './zip-slices.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function readAll(entries: readonly Forged[]): Promise<string[]> {
  return Promise.all((await zippedFiles(forgeZip(entries))).map(async (file) => text(await readEntry(file))));
}

test('files are cut out of a zip in any order, stored or deflated', async () => {
  const zeros = { name: 'zeros.jpg', data: '\0'.repeat(1000), method: 8, body: await deflatedZeros(1000) };
  const files = await zippedFiles(
    forgeZip([{ name: 'a/1.jpg', data: 'one' }, zeros, { name: 'b/2.jpg', data: 'two' }]),
  );
  expect(files.map(({ name }) => name)).toEqual(['a/1.jpg', 'zeros.jpg', 'b/2.jpg']);
  expect(text(await readEntry(files[2]!))).toBe('two');
  expect(await readEntry(files[1]!)).toEqual(new Uint8Array(1000));
  expect(text(await readEntry(files[0]!))).toBe('one');
});

test.each<[string, Forged, RegExp]>([
  ['a checksum that is another one', { name: 'a.jpg', data: 'one', crc: 1 }, /a\.jpg.* is damaged/],
  ['stored data that is no deflate', { name: 'a.jpg', data: 'hello hello', method: 8 }, /damaged/],
])('%s is a problem of that file alone', async (_, bad, why) => {
  const files = await zippedFiles(forgeZip([bad, { name: 'b.jpg', data: 'two' }]));
  await expect(readEntry(files[0]!)).rejects.toThrow(why);
  expect(text(await readEntry(files[1]!))).toBe('two');
});

test('more than was declared is cut off; less is damage', async () => {
  const body = await deflatedZeros(5000);
  for (const uncompressedBytes of [4000, 6000])
    await expect(readAll([{ name: 'a.jpg', data: '', method: 8, body, uncompressedBytes }])).rejects.toThrow(
      /does not unpack/,
    );
});

test('what stands under a bad name, or shrinks like a bomb, is refused before anything is read', async () => {
  await expect(readAll([{ name: '../evil.jpg', data: 'x' }])).rejects.toThrow();
  const body = await deflatedZeros(50 << 20);
  await expect(
    readAll([{ name: 'bomb.jpg', data: '', method: 8, body, uncompressedBytes: 50 << 20 }]),
  ).rejects.toThrow(/bomb/);
});
