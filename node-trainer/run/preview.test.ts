import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { canonicalise } from '#shared/image/canonical.ts';
import { resize } from '#shared/image/resample.ts';
import { parseNdjson } from '#shared/schema/json.ts';
import { NO_EDITS } from '#shared/schema/photo.ts';
import { photo } from '#shared/testing/library.ts';
import { noise, scene } from '#shared/image/testing/synthetic.ts';

import { writeAtomic } from '../io/atomic.ts';
import { decodeImage, encodePng } from '../io/images.ts';
import { CLASSES, drawFolders, scratch } from '../testing/shapes.ts';
import { openLog } from './log.ts';
import { resolveOptions } from './options.ts';
import { previewAugmentation, type PreviewRequest } from './preview.ts';
import { createRunFolder, runFolder } from './run-folder.ts';
import { findSmallPictures, SMALL_PICTURES_FILE } from './small-pictures.ts';

const settings = resolveOptions({ flags: {}, environment: {}, file: null });

async function request(more: Partial<PreviewRequest> = {}): Promise<PreviewRequest> {
  const library = await drawFolders(join(await scratch(), 'zoo'), 3);
  const long = await encodePng(noise(300, 60));
  await writeAtomic(join(library, 'circle', 'long.png'), long);
  const out = join(await scratch(), 'sheets');
  return { library, out, only: null, count: 2, settings, seed: 1, onProgress: () => undefined, ...more };
}

describe('a preview', () => {
  test('shows photos of every class beside their variations, and says what was done', async () => {
    const asked = await request({ settings: { ...settings, noFlop: 'Square' } });
    const { sheets, small, problems } = await previewAugmentation(asked);
    expect(sheets.map((s) => [s.class, s.file, s.flop])).toEqual(
      CLASSES.map((name) => [name, `${name}.png`, name !== 'square']),
    );
    expect(problems).toEqual([]);
    expect(small).toMatchObject([{ fileName: 'circle/long.png', reason: 'narrow', label: 'circle' }]);
    const words = sheets.flatMap((s) =>
      s.rows.flatMap((r) => r.variations.map((v) => [s.class, v] as const)),
    );
    expect(words.filter(([, v]) => v.startsWith('mirrored')).map(([name]) => name)).not.toContain('square');
    expect(words).toHaveLength(3 * 2 * 7);
    const sheet = await decodeImage(await readFile(join(asked.out, 'stripes.png')));
    expect([sheet.width, sheet.height]).toEqual([8 * 198 + 6, 2 * 198 + 6]);
    expect(JSON.parse(await readFile(join(asked.out, 'preview.json'), 'utf8'))).toEqual({
      sheets,
      small,
      problems,
    });
  });

  test('begins each row with the photo as it is', async () => {
    const asked = await request({ only: 'Stripes', count: 1 });
    const { sheets } = await previewAugmentation(asked);
    expect(sheets.map((s) => s.class)).toEqual(['stripes']);
    const file = join(asked.library, sheets[0]!.rows[0]!.fileName);
    const plain = resize(canonicalise(await decodeImage(await readFile(file))), 192, 192);
    const sheet = await decodeImage(await readFile(join(asked.out, 'stripes.png')));
    const line = (100 + 6) * sheet.width * 3 + 6 * 3;
    expect(sheet.data.slice(line, line + 192 * 3)).toEqual(plain.data.slice(100 * 192 * 3, 101 * 192 * 3));
  });

  test('of a class that does not exist is an error that lists those that do', async () => {
    await expect(previewAugmentation(await request({ only: 'tapir' }))).rejects.toThrow(
      /"tapir"\. There are: circle, square, stripes/,
    );
  });
});

test('photos that are not made smaller are found by mark, shape and pixels, listed and said (P1-28, P4-14)', async () => {
  const folder = runFolder(await scratch());
  await createRunFolder(folder);
  const said: string[] = [];
  const log = openLog(folder.log, { say: (line) => said.push(line), progress: () => undefined });
  const dark = canonicalise(scene(100, 100), 60);
  dark.data.fill(0, 0, 40 * 60 * 3);
  const photos = [
    { ...photo(1, 'lion', { width: 300, height: 200 }), image: canonicalise(scene(300, 200), 60) },
    { ...photo(2, 'lion', { width: 300, height: 50 }), image: canonicalise(scene(300, 50), 60) },
    { ...photo(3, 'lion', { width: 100, height: 100 }), image: dark },
    {
      ...photo(4, 'lion', { width: 100, height: 100, faults: ['too-far'], edits: NO_EDITS }),
      image: scene(60, 60),
    },
  ];
  for (const { id, image } of photos)
    await writeAtomic(join(folder.photos, `${id}.png`), await encodePng(image));
  const run = { folder, options: settings, library: null, log } as Parameters<typeof findSmallPictures>[0];
  const gone = photo(5, 'lion', { width: 100, height: 100 });
  const small = await findSmallPictures(run, [...photos, gone]);
  expect([...small]).toEqual([photos[1]!.id, photos[2]!.id, photos[3]!.id]);
  expect(said.at(-1)).toMatch(/^! 3 of 5 training photos may show their subject small/);
  const listed = parseNdjson(await readFile(join(folder.root, SMALL_PICTURES_FILE), 'utf8'), 'list');
  expect(listed).toMatchObject([
    { photo: photos[1]!.id, reason: 'narrow', message: expect.stringContaining('16 %') as string },
    { photo: photos[2]!.id, reason: 'black-edges', message: expect.stringContaining('33 %') as string },
    { photo: photos[3]!.id, reason: 'too-far', share: null },
  ]);
});
