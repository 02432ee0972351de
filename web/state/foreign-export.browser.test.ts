/** The library as a zip for other programs, and back through the real import (issue: in and out). */
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { ForeignWish } from '#shared/formats/selection.ts';
import { WRITERS } from '#shared/formats/writers.ts';
import { DEFAULT_DATA_SET_OPTIONS } from '#shared/schema/dataset.ts';
import { openDatabase } from '../storage/db.ts';
import { libraryDatabase } from '../storage/upgrades.ts';
import { fileAt, noise } from '../workers/testing/pictures.ts';
import { openZip } from '../workers/zip.ts';
import type { LibraryState } from './contract.ts';
import { createLibrary } from './library.svelte.ts';
import { emptyLibrary } from './testing/empty-library.ts';

const REAL = { labelByFolder: true, origin: 'real' } as const;
const HOSTILE = '<img src=x onerror=alert(1)> & "q"';

let folder: FileSystemDirectoryHandle;

beforeEach(async () => {
  const root = await navigator.storage.getDirectory();
  folder = await root.getDirectoryHandle('foreign', { create: true });
  Object.assign(window, { showDirectoryPicker: () => Promise.resolve(folder) });
});

afterEach(async () => {
  await (await navigator.storage.getDirectory()).removeEntry('foreign', { recursive: true });
});

async function emptied(): Promise<LibraryState> {
  const db = await openDatabase(libraryDatabase, () => undefined);
  await emptyLibrary(db);
  db.close();
  const library = createLibrary();
  await library.open();
  return library;
}

/** Three lions, two with a hostile label, one unknown, one excluded, one without a label. */
async function filled(): Promise<LibraryState> {
  const library = await emptied();
  const files = Array.from({ length: 8 }, async (_, i) =>
    fileAt(`zoo/Lion/${String(i)}.png`, await noise(i + 1)),
  );
  await library.importFiles(await Promise.all(files), REAL);
  const named = (...names: string[]): string[] =>
    library.photos.filter((photo) => names.includes(photo.fileName)).map((photo) => photo.id);
  await library.assign(named('3.png', '4.png'), await library.createLabel('sub-class', HOSTILE));
  await library.assign(named('5.png'), await library.createLabel('unknown', 'Unknown Bird'));
  await library.change(named('6.png'), { kind: 'exclude' });
  await library.assign(named('7.png'), null);
  return library;
}

async function exported(library: LibraryState, wish: ForeignWish): Promise<File> {
  await library.exportForeign('my zoo', wish);
  expect(library.exportJob).toMatchObject({ kind: 'finished', problems: [] });
  return (await folder.getFileHandle(`my zoo-${wish.format}.zip`)).getFile();
}

function tally(library: LibraryState): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { label } of library.photos)
    counts[label?.id ?? 'none'] = (counts[label?.id ?? 'none'] ?? 0) + 1;
  return counts;
}

const PLAIN = { excluded: false, unknown: false, parts: false };

test.each(WRITERS.map((writer) => [writer.format, writer] as const))(
  '%s: exported, checked and taken in again, every label is there',
  async (format, { unlabelled }) => {
    const zip = await exported(await filled(), { ...PLAIN, format });
    const back = await emptied();
    await back.importFiles([zip], REAL);
    expect(back.importJob).toMatchObject({ kind: 'finished', problems: [] });
    const expected = { lion: 3, ...(unlabelled && { none: 1 }), [HOSTILE]: 2 };
    if (format !== 'image-folder') expect(tally(back)).toEqual(expected);
    else expect(Object.values(tally(back)).sort()).toEqual([2, 3]);
  },
);

test('excluded photos and unknown labels go along where that is wanted', async () => {
  const library = await filled();
  await exported(library, { ...PLAIN, format: 'csv', excluded: true, unknown: true });
  expect(library.exportJob).toMatchObject({ done: 8 });
  await exported(library, { ...PLAIN, format: 'yolo' });
  expect(library.exportJob).toMatchObject({ done: 5 });
  expect(library.lastExportAt).toBeNull();
});

test('the plan’s parts are folders; what it does not use stays out (P2-36)', async () => {
  const library = await filled();
  await library.keepPlanOptions({
    ...DEFAULT_DATA_SET_OPTIONS,
    minimum: 2,
    split: { training: 34, validation: 33, test: 33 },
  });
  const zip = await openZip(await exported(library, { ...PLAIN, format: 'yolo', parts: true }));
  const lions = zip.entries.map(({ name }) => name).filter((name) => name.includes('/Lion/'));
  expect(lions.map((name) => name.split('/')[0]).sort()).toEqual(['test', 'train', 'val']);
  const yaml = zip.entries.find(({ name }) => name === 'data.yaml')!;
  expect(new TextDecoder().decode(await zip.read(yaml))).toContain('"Lion"');
});

test('a photo whose image is gone is named, and no list speaks of it; an empty export writes nothing', async () => {
  const library = await filled();
  const victim = library.photos.find((photo) => photo.fileName === '0.png')!;
  const db = await openDatabase(libraryDatabase, () => undefined);
  await db.write(['images'], (tx) => tx.objectStore('images').delete(victim.id));
  db.close();
  await library.exportForeign('zoo', { ...PLAIN, format: 'coco' });
  expect(library.exportJob).toMatchObject({ kind: 'finished', done: 5, problems: [{ file: '0.png' }] });
  const zip = await openZip(await (await folder.getFileHandle('zoo-coco.zip')).getFile());
  const list = zip.entries.find(({ name }) => name === 'annotations/instances.json')!;
  expect(new TextDecoder().decode(await zip.read(list))).not.toContain(victim.id);

  const none = await emptied();
  await none.exportForeign('none', { ...PLAIN, format: 'csv' });
  expect(none.exportJob).toMatchObject({ kind: 'failed' });
});
