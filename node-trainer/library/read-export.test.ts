import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import JSZip from 'jszip';
import { expect, test } from 'vitest';

import { parseJson } from '#shared/schema/json.ts';

import { drawFolders, scratch } from '../testing/shapes.ts';
import { importLibrary } from './import-folder.ts';
import { openLibrary } from './open-library.ts';

async function exportOf(
  photosEach: number,
  images: number,
): Promise<{ out: string; shards: readonly string[] }> {
  const out = await scratch();
  const source = await drawFolders(await scratch(), photosEach);
  const { shards } = await importLibrary({
    source,
    out,
    options: { name: 'S', limits: { images, bytes: 1e9 } },
  });
  return { out, shards };
}

/** Alters a shard's files: a string or bytes replace a file, null removes it. */
async function alter(path: string, change: (zip: JSZip) => Promise<void> | void): Promise<void> {
  const zip = await JSZip.loadAsync(await readFile(path));
  await change(zip);
  await writeFile(path, await zip.generateAsync({ type: 'uint8array' }));
}

test('a missing shard is named', async () => {
  const { out } = await exportOf(2, 2);
  await rm(join(out, 'S-002-of-003.zip'));
  await expect(openLibrary(out)).rejects.toThrow(/S-002-of-003\.zip/);
});

test('a manifest of a newer version is refused by the name of its shard, with what to do', async () => {
  const { out, shards } = await exportOf(2, 10);
  await alter(join(out, shards[0]!), async (zip) => {
    const text = (await zip.file('library.json')?.async('string')) ?? '';
    zip.file('library.json', text.replace('"v": 2,', '"v": 99,'));
  });
  await expect(openLibrary(out)).rejects.toThrow(/S-001-of-001\.zip\/library\.json.*99.*Update Menagerie/s);
});

test('a photo with other pixels, one that is gone and a broken record are named; the others are kept', async () => {
  const { out, shards } = await exportOf(3, 100);
  const before = await openLibrary(out);
  const ids = before.items.map((item) => item.photo?.id ?? '');
  await before.close();
  await alter(join(out, shards[0]!), async (zip) => {
    const path = (id: string): string => Object.keys(zip.files).find((name) => name.includes(id)) ?? '';
    zip.file(path(ids[0]!), (await zip.file(path(ids[1]!))?.async('uint8array')) ?? '');
    zip.remove(path(ids[2]!));
    const records = (await zip.file('photos.ndjson')?.async('string'))?.split('\n') ?? [];
    zip.file('photos.ndjson', ['{"v":1,', ...records.slice(0, 3), ...records.slice(4)].join('\n'));
  });
  const library = await openLibrary(out);
  const loaded = await Promise.allSettled(library.items.map((item) => item.load()));
  await library.close();
  const reasons = loaded.flatMap((l) =>
    l.status === 'rejected' ? [(l.reason as { code: string }).code] : [],
  );
  expect(reasons).toEqual(['hash', 'missing']);
  expect(loaded.filter((l) => l.status === 'fulfilled')).toHaveLength(6);
  expect(library.problems.map((p) => p.code)).toEqual(['hash', 'JsonError', 'count']);
  expect(library.problems[1]?.file).toBe('S-001-of-001.zip/photos.ndjson line 1');
});

test('a shard cut short is refused by name', async () => {
  const { out, shards } = await exportOf(2, 100);
  const bytes = await readFile(join(out, shards[0]!));
  await writeFile(join(out, shards[0]!), bytes.subarray(0, bytes.length >> 1));
  await expect(openLibrary(out)).rejects.toThrow(/S-001-of-001\.zip/);
});

test('which sub-classes may be mirrored goes through an export; one of an older version may (design §2.7)', async () => {
  const { out, shards } = await exportOf(2, 100);
  await alter(join(out, shards[0]!), async (zip) => {
    const file = parseJson((await zip.file('library.json')?.async('string')) ?? '', 'library.json') as {
      subClasses: Record<string, unknown>[];
    };
    const [circle, square, stripes] = file.subClasses;
    const { flop: _flop, ...old } = stripes ?? {};
    file.subClasses = [circle!, { ...square, flop: false }, { ...old, v: 1 }];
    zip.file('library.json', JSON.stringify(file));
  });
  const library = await openLibrary(out);
  await library.close();
  expect(library.file.subClasses.map((s) => [s.id, s.flop])).toEqual([
    ['circle', true],
    ['square', false],
    ['stripes', true],
  ]);
});
