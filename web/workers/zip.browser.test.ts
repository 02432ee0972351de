import { describe, expect, test } from 'vitest';

import { inspectArchive, readPlain, type Found } from './read-archive.ts';
import { quarters } from './testing/pictures.ts';
import { deflatedZeros, forgeZip } from './testing/zips.ts';
import { createZip, openZip } from './zip.ts';

const MB = 2 ** 20;

/** Opens an archive and reads all of it, as an import would. */
async function readAll(archive: Blob): Promise<number> {
  const zip = await openZip(archive);
  for (const entry of zip.entries) await zip.read(entry);
  return zip.entries.length;
}

describe('hostile and damaged zips are refused by name', () => {
  test.each<[string, () => Promise<Blob> | Blob, RegExp]>([
    ['../ in a name', () => forgeZip([{ name: '../../evil.png', data: 'x' }]), /evil\.png/],
    ['an absolute name', () => forgeZip([{ name: '/etc/passwd', data: 'x' }]), /passwd/],
    ['a drive', () => forgeZip([{ name: 'C:evil.png', data: 'x' }]), /evil/],
    ['backslashes', () => forgeZip([{ name: '..\\evil.png', data: 'x' }]), /evil/],
    ['__proto__', () => forgeZip([{ name: '__proto__/x', data: 'x' }]), /__proto__/],
    ['a link', () => forgeZip([{ name: 'link', data: '/etc', attributes: 0xa1ff0000 }]), /link/],
    ['a password', () => forgeZip([{ name: 'a.png', data: 'x', encrypted: true }]), /encrypted/],
    [
      'a name twice',
      () =>
        forgeZip([
          { name: 'a.png', data: '1' },
          { name: 'A.PNG', data: '2' },
        ]),
      /a\.png/i,
    ],
    [
      'a bomb with an honest header',
      async () =>
        forgeZip([
          {
            name: 'bomb.png',
            data: '',
            method: 8,
            body: await deflatedZeros(32 * MB),
            uncompressedBytes: 32 * MB,
          },
        ]),
      /bomb\.png/,
    ],
    [
      'a bomb that claims 1000 bytes',
      async () =>
        forgeZip([
          {
            name: 'bomb.png',
            data: '',
            method: 8,
            body: await deflatedZeros(32 * MB),
            uncompressedBytes: 1000,
          },
        ]),
      /bomb\.png/,
    ],
    ['a wrong checksum', () => forgeZip([{ name: 'a.png', data: 'hello', crc: 1 }]), /a\.png/],
    [
      'another name in front of the data',
      () => forgeZip([{ name: 'a.png', localName: 'b.png', data: 'x' }]),
      /a\.png/,
    ],
    ['a false count', () => forgeZip([{ name: 'a.png', data: 'x' }], 6000), /6000/],
    ['a cut end', () => forgeZip([{ name: 'a.png', data: 'x'.repeat(500) }]).slice(0, 300), /not a zip/],
    ['no zip at all', () => new Blob(['<!doctype html><title>502</title>']), /not a zip/],
    ['an empty file', () => new Blob([]), /not a zip/],
  ])('%s', async (_name, archive, message) => {
    await expect(readAll(await archive())).rejects.toThrow(message);
  });
});

test('a zip made here reads back byte for byte', async () => {
  const writer = createZip();
  writer.add('Image_Library/red panda/a.png', new Uint8Array([1, 2, 3]).buffer);
  writer.add('library.json', '{}');
  const zip = await openZip(await writer.finish());
  expect(zip.entries.map((entry) => entry.name)).toEqual(['Image_Library/red panda/a.png', 'library.json']);
  expect(await zip.read(zip.entries[0]!)).toEqual(new Uint8Array([1, 2, 3]));
});

test('a plain zip gives its pictures with their folders and names what is none', async () => {
  const writer = createZip();
  writer.add('zoo/Red Panda/1.jpg', (await quarters()).buffer);
  writer.add('zoo/Red Panda/notes.txt', 'feeding times: noon');
  writer.add('__MACOSX/zoo/._1.jpg', 'litter');
  const archive = await writer.finish();
  expect(await inspectArchive(archive)).toEqual({ kind: 'plain', pictures: 1 });
  const found: Found[] = [];
  await readPlain(archive, { size: 64, keepOriginals: true }, (item) => {
    found.push(item);
    return Promise.resolve();
  });
  expect(found).toMatchObject([
    { kind: 'lists', recognised: [], problems: [{ file: 'zoo/Red Panda/notes.txt' }] },
    { kind: 'picture', fileName: '1.jpg', folder: 'Red Panda', prepared: { width: 80, height: 40 } },
  ]);
  // Kept to the byte where originals are wanted (P1-26).
  expect(found[1]).toHaveProperty('original', (await quarters()).buffer);
});
