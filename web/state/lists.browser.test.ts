/** Photos that come with lists of labels of other programs, through the whole import (issue: in and out). */
import { beforeEach, expect, test } from 'vitest';

import { openDatabase } from '../storage/db.ts';
import { libraryDatabase } from '../storage/upgrades.ts';
import { fileAt, noise } from '../workers/testing/pictures.ts';
import { createZip } from '../workers/zip.ts';
import type { LibraryState } from './contract.ts';
import { createLibrary } from './library.svelte.ts';

const REAL = { labelByFolder: true, origin: 'real' } as const;

let library: LibraryState;

beforeEach(async () => {
  const db = await openDatabase(libraryDatabase, () => undefined);
  const stores = ['photos', 'images', 'thumbs', 'subClasses', 'unknownLabels', 'journal', 'bin'] as const;
  await db.write([...stores], async (tx) => {
    for (const store of stores) await tx.objectStore(store).clear();
  });
  db.close();
  library = createLibrary();
  await library.open();
});

async function zipOf(name: string, entries: Record<string, string | number>): Promise<File> {
  const zip = createZip();
  for (const [path, content] of Object.entries(entries)) {
    zip.add(path, typeof content === 'string' ? content : (await noise(content)).buffer);
  }
  return new File([await zip.finish()], name);
}

function labels(): Record<string, string | null> {
  return Object.fromEntries(library.photos.map((photo) => [photo.fileName, photo.label?.id ?? null]));
}

test('a COCO zip: its list wins over folders; several categories, gaps and strangers are named', async () => {
  const coco = {
    images: [1, 2, 3, 9].map((id) => ({ id, file_name: `${String(id)}.png` })),
    categories: [
      { id: 7, name: 'Red  Panda' },
      { id: 8, name: '<img src=x onerror=alert(1)>' },
    ],
    annotations: [
      { id: 1, image_id: 1, category_id: 7, bbox: [0, 0, 9, 9] },
      { id: 2, image_id: 2, category_id: 8, bbox: [0, 0, 9, 9] },
      { id: 3, image_id: 3, category_id: 7, bbox: [0, 0, 9, 9] },
      { id: 4, image_id: 3, category_id: 8, bbox: [0, 0, 9, 9] },
    ],
  };
  const zip = await zipOf('coco.zip', {
    'images/1.png': 1,
    'images/2.png': 2,
    'images/3.png': 3,
    'images/4.png': 4,
    'annotations/instances.json': JSON.stringify(coco),
    'README.txt': 'hello',
  });
  await library.importFiles([zip], REAL);
  expect(library.importJob).toMatchObject({ kind: 'finished', done: 5, total: 5, known: 0 });
  if (library.importJob.kind !== 'finished') return;
  expect(library.importJob.problems.map(({ file }) => file)).toEqual(['README.txt']);
  const [list] = library.importJob.lists ?? [];
  expect(list).toMatchObject({ format: 'coco', file: 'annotations/instances.json', labels: 2 });
  expect(list?.problems.map(({ file }) => file)).toEqual(['9.png', 'images/3.png', 'images/4.png']);
  expect(labels()).toEqual({
    '1.png': 'red panda',
    '2.png': '<img src=x onerror=alert(1)>',
    '3.png': null,
    '4.png': null,
  });
  expect(library.subClasses.map((label) => label.name)).toContain('Red Panda');
});

test('a folder with a CSV table; photos already known get a label only where they have none', async () => {
  await library.importFiles([fileAt('a/x/1.png', await noise(1))], { ...REAL, labelByFolder: false });
  await library.importFiles([fileAt('zoo/Puma/2.png', await noise(2))], REAL);
  const table = new File(
    ['\ufefffile;species\r\npics/1.png;"Lion"\r\npics/2.png;Lynx\r\n3.png;=cmd()\r\n'],
    'labels.csv',
  );
  const files = [
    fileAt('zoo/pics/1.png', await noise(1)),
    fileAt('zoo/pics/2.png', await noise(2)),
    fileAt('zoo/pics/3.png', await noise(3)),
    Object.defineProperty(table, 'webkitRelativePath', { value: 'zoo/labels.csv' }),
  ];
  await library.importFiles(files, { ...REAL, labelByFolder: false });
  expect(library.importJob).toMatchObject({
    kind: 'finished',
    done: 3,
    total: 3,
    known: 2,
    problems: [],
    lists: [{ format: 'csv', file: 'zoo/labels.csv', labels: 3, problems: [] }],
  });
  expect(labels()).toEqual({ '1.png': 'lion', '2.png': 'puma', '3.png': '=cmd()' });
});

test('a list beside the one zip of images labels them (CVAT gives the two apart)', async () => {
  const zip = await zipOf('images.zip', { '1.png': 1, '2.png': 2 });
  const image = '<image id="0" name="1.png"><tag label="Lion"></tag></image>';
  const list = new File([`<annotations><version>1.1</version>${image}</annotations>`], 'annotations.xml');
  await library.importFiles([list, zip], REAL);
  expect(library.importJob).toMatchObject({
    kind: 'finished',
    done: 2,
    total: 2,
    problems: [],
    lists: [{ format: 'cvat', labels: 1, problems: [{ file: '2.png' }] }],
  });
  expect(labels()).toEqual({ '1.png': 'lion', '2.png': null });
  await library.importFiles([list], REAL);
  expect(library.importJob).toMatchObject({ done: 0, lists: [{ labels: 0, problems: [{ file: '1.png' }] }] });
});

test('samples of Teachable Machine are labelled by the zip’s name, a project by its manifest', async () => {
  const samples = await zipOf('Red Panda-samples (1).zip', { '0.png': 1, '1.png': 2 });
  const manifest = JSON.stringify({ type: 'image', version: '2.4.4', appdata: {} });
  const project = await zipOf('project.tm', { 'manifest.json': manifest, 'Lion-!-0.png': 3 });
  await library.importFiles([samples, project], REAL);
  expect(library.importJob).toMatchObject({ kind: 'finished', done: 3, problems: [] });
  expect(labels()).toEqual({ '0.png': 'red panda', '1.png': 'red panda', 'Lion-!-0.png': 'lion' });
});
