import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import { buildDataSet } from '#shared/dataset/build.ts';
import type { DataSet } from '#shared/schema/dataset.ts';
import { DEFAULT_DATA_SET_OPTIONS } from '#shared/schema/dataset.ts';

import type { Photo } from '#shared/schema/photo.ts';

import { drawFolders, drawShape, scratch } from '../testing/shapes.ts';
import { importLibrary } from './import-folder.ts';
import type { Library } from './library.ts';
import { openLibrary } from './open-library.ts';

async function readBack(out: string): Promise<{ file: Library['file']; photos: Photo[] }> {
  const library = await openLibrary(out);
  const loaded = await Promise.all(library.items.map((item) => item.load()));
  await library.close();
  return { file: library.file, photos: loaded.map((l) => l.photo) };
}

async function builtFrom(out: string, duplicateDistance = 0): Promise<DataSet> {
  const { file, photos } = await readBack(out);
  const options = { ...DEFAULT_DATA_SET_OPTIONS, minimum: 3, duplicateDistance };
  return buildDataSet({ ...file, photos, options });
}

/** Two pranks in a folder that is called like nothing in the library. */
async function pranks(): Promise<string> {
  const folder = join(await scratch(), 'pranks');
  await mkdir(join(folder, 'popcorn'), { recursive: true });
  await writeFile(join(folder, 'popcorn', '1.jpg'), await drawShape('stripes', 71));
  await writeFile(join(folder, '2.jpg'), await drawShape('circle', 72));
  return folder;
}

describe('benchmarks of an import (P2-12 … P2-18)', () => {
  test('their photos come in with their classes, those out of scope without one; none of them trains', async () => {
    const [source, out] = [await drawFolders(await scratch(), 5), await scratch()];
    const shade = await drawFolders(join(await scratch(), 'Shade'), 2, ['circle', 'square']);
    for (const name of await readdir(join(shade, 'circle')))
      await writeFile(join(shade, 'circle', name), await drawShape('circle', 50 + parseInt(name)));
    for (const name of await readdir(join(shade, 'square')))
      await writeFile(join(shade, 'square', name), await drawShape('square', 60 + parseInt(name)));
    const benchmarks = [
      { kind: 'difficult', path: shade },
      { kind: 'out-of-scope', path: await pranks() },
    ] as const;
    const report = await importLibrary({ source, out, options: { origin: 'staged', benchmarks } });
    expect(report.photos).toBe(21);
    expect(report.benchmarks).toEqual([
      { id: 'shade', name: 'Shade', kind: 'difficult', photos: 4, strangers: [] },
      { id: 'pranks', name: 'pranks', kind: 'out-of-scope', photos: 2, strangers: [] },
    ]);
    const { file, photos } = await readBack(out);
    expect(file.benchmarks.map((b) => b.items.map((i) => i.truth))).toEqual([
      ['circle', 'circle', 'square', 'square'],
      [null, null],
    ]);
    expect(file.benchmarks[0]?.frozenAt).toBe(file.exportedAt);
    expect(file.subClasses.map((s) => s.id)).toEqual(['circle', 'square', 'stripes']);
    const prank = photos.find((p) => p.fileName === 'pranks/popcorn/1.jpg');
    expect(prank).toMatchObject({ label: null, origin: 'real' });
    const built = await builtFrom(out);
    expect(built.training.length + built.validation.length).toBe(15);
    expect(built.leftOut).toEqual([]);
  });

  test('a photo of the library that is in a benchmark too stays one photo, and no longer trains', async () => {
    const [source, out] = [await drawFolders(await scratch(), 5), await scratch()];
    const bread = join(await scratch(), 'bread');
    await mkdir(join(bread, 'circle'), { recursive: true });
    await copyFile(join(source, 'circle', '0.jpg'), join(bread, 'circle', 'a.jpg'));
    await copyFile(join(source, 'circle', '0.jpg'), join(bread, 'circle', 'b.jpg'));
    const benchmarks = [{ kind: 'most-common', path: bread }] as const;
    const report = await importLibrary({ source, out, options: { benchmarks } });
    expect(report.photos).toBe(15);
    expect(report.duplicates).toEqual([{ file: 'bread/circle/b.jpg', sameAs: 'circle/0.jpg' }]);
    const built = await builtFrom(out);
    expect(built.classes.find((c) => c.id === 'circle')).toMatchObject({ real: 4 });
    expect(built.benchmarks[0]?.items).toHaveLength(1);
  });

  test('a near-duplicate of a benchmark’s photo would leak: it is left out of training', async () => {
    const [source, out] = [await drawFolders(await scratch(), 5), await scratch()];
    const bread = join(await scratch(), 'bread');
    await mkdir(join(bread, 'circle'), { recursive: true });
    const again = await sharp(join(source, 'circle', '3.jpg'))
      .jpeg({ quality: 95 })
      .toBuffer();
    await writeFile(join(bread, 'circle', 'again.jpg'), again);
    await importLibrary({ source, out, options: { benchmarks: [{ kind: 'most-common', path: bread }] } });
    const { leftOut } = await builtFrom(out, 2);
    const { photos } = await readBack(out);
    const names = leftOut.map((l) => [photos.find((p) => p.id === l.photo)?.fileName, l.reason]);
    expect(names).toContainEqual(['circle/3.jpg', 'near-benchmark']);
  });

  test('a photo that nobody says what it shows is no member; only out of scope needs no class folder', async () => {
    const [source, out] = [await drawFolders(await scratch(), 2), await scratch()];
    const shade = await drawFolders(join(await scratch(), 'shade'), 1, ['circle']);
    await writeFile(join(shade, 'loose.jpg'), await drawShape('circle', 90));
    const report = await importLibrary({
      source,
      out,
      options: { benchmarks: [{ kind: 'difficult', path: shade }] },
    });
    expect(report.skipped.map((s) => [s.file, s.code])).toEqual([['shade/loose.jpg', 'no-class-folder']]);
    expect(report.benchmarks[0]?.photos).toBe(1);
  });

  test('what contradicts the library is no member and is named; a class that the library lacks is pointed out', async () => {
    const [source, out] = [await drawFolders(await scratch(), 3), await scratch()];
    const root = await scratch();
    const [shade, paint] = [join(root, 'shade'), join(root, 'paint')];
    for (const folder of [join(shade, 'square'), join(shade, 'circel'), paint])
      await mkdir(folder, { recursive: true });
    await copyFile(join(source, 'circle', '0.jpg'), join(shade, 'square', 'a.jpg'));
    await writeFile(join(shade, 'circel', 'b.jpg'), await drawShape('circle', 90));
    await copyFile(join(source, 'circle', '1.jpg'), join(paint, 'c.jpg'));
    await writeFile(join(paint, 'd.jpg'), await drawShape('stripes', 91));
    const benchmarks = [
      { kind: 'difficult', path: shade },
      { kind: 'out-of-scope', path: paint },
    ] as const;
    const report = await importLibrary({ source, out, options: { benchmarks } });
    expect(report.skipped).toEqual([
      {
        file: 'shade/square/a.jpg',
        code: 'contradiction',
        message: 'The same photo lies in circle/0.jpg, so it is not clear what it shows.',
      },
      {
        file: 'paint/c.jpg',
        code: 'contradiction',
        message: "It can't be out of scope: the same photo lies in circle/1.jpg.",
      },
    ]);
    expect(report.benchmarks.map((b) => [b.photos, b.strangers])).toEqual([
      [1, ['circel']],
      [1, []],
    ]);
  });

  test('two of one name are refused, and nothing is written', async () => {
    const [source, out] = [await drawFolders(await scratch(), 2), join(await scratch(), 'out')];
    const benchmarks = [
      { kind: 'difficult', path: await drawFolders(join(await scratch(), 'shade'), 1) },
      { kind: 'most-common', path: await drawFolders(join(await scratch(), 'Shade'), 1) },
    ] as const;
    await expect(importLibrary({ source, out, options: { benchmarks } })).rejects.toThrow(
      /Two benchmarks are called "Shade"/,
    );
    await expect(readdir(out)).rejects.toThrow('ENOENT');
  });

  test('a benchmark that is not there is named', async () => {
    const [source, out] = [await drawFolders(await scratch(), 2), await scratch()];
    const benchmarks = [{ kind: 'difficult', path: join(source, 'nowhere') }] as const;
    await expect(importLibrary({ source, out, options: { benchmarks } })).rejects.toThrow(/nowhere/);
  });
});
