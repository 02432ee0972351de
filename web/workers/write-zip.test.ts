import { fromBufferPromise } from 'yauzl';
import { expect, test } from 'vitest';

import { centralHeader } from '#shared/archive/zip-records.ts';
import { writeZip, type OutgoingEntry } from './write-zip.ts';

async function zipped(entries: AsyncIterable<OutgoingEntry> | Iterable<OutgoingEntry>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await writeZip(entries, (bytes) => {
    pieces.push(Buffer.from(bytes));
    return Promise.resolve();
  });
  return Buffer.concat(pieces);
}

async function readAll(zip: Buffer): Promise<[string, string][]> {
  const file = await fromBufferPromise(zip);
  const found: [string, string][] = [];
  for await (const entry of file.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await file.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
    found.push([entry.fileName, Buffer.concat(pieces).toString()]);
  }
  return found;
}

test('another reader finds every entry, and the same entries give the same bytes', async () => {
  const entries = [
    { name: 'Image_Library/דוב/🐼 <b>.png', content: new Uint8Array([104, 105]) },
    { name: 'photos.ndjson', content: '{"é":1}\n' },
    { name: 'empty.txt', content: '' },
  ];
  const zip = await zipped(entries);
  expect(await readAll(zip)).toEqual([
    ['Image_Library/דוב/🐼 <b>.png', 'hi'],
    ['photos.ndjson', '{"é":1}\n'],
    ['empty.txt', ''],
  ]);
  expect((await zipped(entries)).equals(zip)).toBe(true);
});

test('more entries than plain zip can count: none is lost without a word', async () => {
  function* many(): Generator<OutgoingEntry> {
    for (let i = 0; i < 70_000; i++) yield { name: `${i}.txt`, content: 'x' };
  }
  const file = await fromBufferPromise(await zipped(many()));
  expect(file.entryCount).toBe(70_000);
});

test('an entry larger than the buffer comes out in several writes, whole', async () => {
  const large = new Uint8Array(9 << 20).map((_, i) => i & 255);
  let [writes, longest] = [0, 0];
  const pieces: Buffer[] = [];
  await writeZip([{ name: 'large.bin', content: large }], (bytes) => {
    writes += 1;
    longest = Math.max(longest, bytes.length);
    pieces.push(Buffer.from(bytes));
    return Promise.resolve();
  });
  expect(writes).toBe(3);
  expect(longest).toBe(4 << 20);
  const file = await fromBufferPromise(Buffer.concat(pieces));
  for await (const entry of file.eachEntry()) expect(entry.uncompressedSize).toBe(large.length);
});

test('what goes wrong with an entry or a write reaches the caller', async () => {
  function* broken(): Generator<OutgoingEntry> {
    yield { name: 'a', content: 'a' };
    throw new Error('the image is missing');
  }
  await expect(zipped(broken())).rejects.toThrow('the image is missing');
  const full = writeZip([{ name: 'a', content: 'a' }], () => Promise.reject(new Error('disk full')));
  await expect(full).rejects.toThrow('disk full');
});

test('an entry beyond four gigabytes keeps its place', () => {
  const name = new TextEncoder().encode('far.png');
  const line = new DataView(centralHeader({ name, crc: 1, bytes: 5, offset: 5_000_000_000 }).buffer);
  expect(line.getUint32(42, true)).toBe(0xffffffff);
  expect([line.getUint16(53, true), line.getUint16(55, true)]).toEqual([1, 8]);
  expect(line.getBigUint64(57, true)).toBe(5_000_000_000n);
});
