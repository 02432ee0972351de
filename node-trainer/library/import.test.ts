import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import JSZip from 'jszip';
import { describe, expect, test } from 'vitest';

import { killAt } from '../testing/kill.ts';
import { drawFolders, drawShape, scratch } from '../testing/shapes.ts';
import { importLibrary } from './import-folder.ts';
import { openLibrary } from './open-library.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Header of a PNG that says it has so many pixels. */
function pngHeader(side: number): Uint8Array {
  const png = new Uint8Array(33);
  png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(png.buffer).setUint32(16, side);
  new DataView(png.buffer).setUint32(20, side);
  return png;
}

async function zipOf(files: Readonly<Record<string, Uint8Array>>, path: string): Promise<string> {
  const zip = new JSZip();
  for (const [name, data] of Object.entries(files)) zip.file(name, data, { createFolders: false });
  await writeFile(path, await zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' }));
  return path;
}

describe('import of class folders', () => {
  test('P5-02: gives an export that reads back whole: ids by content, sub-classes by folder, verified pixels', async () => {
    const [source, out] = [await drawFolders(await scratch(), 4), await scratch()];
    const report = await importLibrary({ source, out, options: { name: 'Shapes', origin: 'staged' } });
    expect(report).toMatchObject({
      photos: 12,
      skipped: [],
      duplicates: [],
      shards: ['Shapes-001-of-001.zip'],
    });
    const library = await openLibrary(out);
    const loaded = await Promise.all(library.items.map((item) => item.load()));
    await library.close();
    expect(library.problems).toEqual([]);
    expect(library.file.subClasses.map((s) => s.id)).toEqual(['circle', 'square', 'stripes']);
    const original = await readFile(join(source, 'circle', '0.jpg'));
    const photo = loaded.map((l) => l.photo).find((p) => p.id === sha256(original));
    expect(photo).toMatchObject({
      label: { id: 'circle' },
      origin: 'staged',
      width: 120,
      height: 90,
      canonicalSize: 299,
    });
  });

  test('P5-05: is cut into shards, and only the whole set is taken', async () => {
    const [source, out] = [await drawFolders(await scratch(), 4), await scratch()];
    const { shards } = await importLibrary({
      source,
      out,
      options: { name: 'S', limits: { images: 5, bytes: 1e9 } },
    });
    expect(shards).toEqual(['S-001-of-003.zip', 'S-002-of-003.zip', 'S-003-of-003.zip']);
    const library = await openLibrary(out);
    expect(library.items).toHaveLength(12);
    await library.close();
  });

  test('a zip with a folder around its class folders gives the same photos', async () => {
    const folder = await scratch();
    const files = {
      'Zoo/circle/a.jpg': await drawShape('circle', 1),
      'Zoo/square/b.jpg': await drawShape('square', 2),
    };
    const source = await zipOf(files, join(folder, 'zoo.zip'));
    const report = await importLibrary({ source, out: join(folder, 'out') });
    expect(report.subClasses.map((s) => s.id)).toEqual(['circle', 'square']);
  });

  test('bad files are left out by name with their reason; everything else is kept', async () => {
    const [source, out] = [await drawFolders(await scratch(), 2), await scratch()];
    const good = await readFile(join(source, 'circle', '0.jpg'));
    const bad = {
      'cut.jpg': good.subarray(0, good.length >> 1),
      'empty.jpg': new Uint8Array(),
      'text.jpg': Buffer.from('this is a letter, not a photo'),
      'huge.png': pngHeader(30_000),
    };
    for (const [name, bytes] of Object.entries(bad)) await writeFile(join(source, 'circle', name), bytes);
    await copyFile(join(source, 'circle', '0.jpg'), join(source, 'square', 'copy.jpg'));
    await writeFile(join(source, 'circle', 'notes.txt'), 'x');
    const report = await importLibrary({ source, out });
    expect(report.photos).toBe(6);
    expect(report.skipped.map((p) => [p.file, p.code])).toEqual([
      ['circle/cut.jpg', 'corrupt'],
      ['circle/empty.jpg', 'empty'],
      ['circle/huge.png', 'too-large-side'],
      ['circle/text.jpg', 'text'],
    ]);
    expect(report.duplicates).toEqual([{ file: 'square/copy.jpg', sameAs: 'circle/0.jpg' }]);
    expect(report.ignored).toEqual(['circle/notes.txt']);
  });

  test('a zip that reaches out of its folder is refused by the name of the entry; nothing is written', async () => {
    const folder = await scratch();
    const source = await zipOf({ '../../evil.jpg': await drawShape('circle', 1) }, join(folder, 'evil.zip'));
    await expect(importLibrary({ source, out: join(folder, 'out') })).rejects.toThrow(/evil\.jpg/);
    await expect(readdir(join(folder, 'out'))).rejects.toThrow('ENOENT');
  });

  test('a zip bomb is refused before it is inflated', async () => {
    const folder = await scratch();
    const source = await zipOf({ 'circle/bomb.png': new Uint8Array(40 * 2 ** 20) }, join(folder, 'bomb.zip'));
    await expect(importLibrary({ source, out: join(folder, 'out') })).rejects.toThrow(/bomb\.png/);
  });

  test('a folder without photos says what was expected', async () => {
    const folder = await scratch();
    await mkdir(join(folder, 'empty'));
    await expect(importLibrary({ source: join(folder, 'empty'), out: folder })).rejects.toThrow(
      /no photos.*class/s,
    );
  });

  test('a folder with zips of another origin is left alone', async () => {
    const [source, out] = [await drawFolders(await scratch(), 2), await scratch()];
    await writeFile(join(out, 'holiday.zip'), 'x');
    await expect(importLibrary({ source, out })).rejects.toThrow('holiday.zip');
  });

  test('killed in the middle, it goes on when repeated, and leaves no litter', async () => {
    const [source, out] = [await drawFolders(await scratch(), 6), join(await scratch(), 'out')];
    await killAt('import 6', ['import', source, out]);
    expect((await readdir(out)).filter((name) => name.endsWith('.zip'))).toEqual([]);
    const startedAt = (
      JSON.parse(await readFile(join(out, '.import', 'state.json'), 'utf8')) as { startedAt: string }
    ).startedAt;
    const report = await importLibrary({ source, out });
    expect(report).toMatchObject({ photos: 18, skipped: [] });
    const library = await openLibrary(out);
    expect(library.file.exportedAt).toBe(startedAt);
    await Promise.all(library.items.map((item) => item.load()));
    await library.close();
    expect((await readdir(out)).sort()).toEqual(['import-report.json', ...report.shards].sort());
  });
});
