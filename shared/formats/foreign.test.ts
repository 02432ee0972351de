import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { safeEntryName } from '../archive/names.ts';
import { checkClashes } from '../archive/clashes.ts';
import { labelKey } from '../schema/names.ts';
import { PARTS } from '../schema/dataset.ts';
import { readForeign } from './foreign.ts';
import type { ForeignWriter, OutPhoto, PlacedPhoto, SourceText } from './format.ts';
import { filedBy } from './image-folder.ts';
import { WRITERS } from './writers.ts';

fc.configureGlobal({ seed: 20_260_102 });

const HOSTILE = [
  '../../x',
  '=cmd()',
  "'=1+1",
  '<img onerror=alert(1)>',
  '"a", \'b\'; c\td',
  'אריה \u202e noil',
  '🦁👩‍👩‍👧',
  'con',
  '__proto__',
  'constructor',
  'train',
  'test',
  '7',
  'L'.repeat(300),
  '&amp; &lt;',
  '- yaml: [x]',
];

function photosOf(labels: readonly (string | null)[], divided: boolean): OutPhoto[] {
  return labels.map((label, i) => ({
    id: String(i).padStart(64, '0'),
    label,
    part: divided ? (PARTS[i % 3] ?? 'test') : null,
    size: 299,
  }));
}

interface Written {
  readonly photos: readonly PlacedPhoto[];
  readonly texts: readonly SourceText[];
}

function write(writer: ForeignWriter, photos: readonly OutPhoto[]): Written {
  const paths = writer.paths(photos);
  const placed = photos.map((photo, i) => ({ ...photo, path: paths[i]! }));
  return { photos: placed, texts: writer.texts(placed) };
}

/** What comes back, in the order of the photos. */
function readBack({ photos, texts }: Written): { label: string | null; part: string | null }[] {
  const images = photos.map(({ path }) => path);
  const { labels, recognised, problems } = readForeign(texts, images);
  expect([problems, recognised.flatMap((file) => file.problems)]).toEqual([[], []]);
  const filed = filedBy(images);
  return images.map((path, i) => {
    const said = labels.get(path);
    if (said) return { label: said.name, part: said.part };
    return texts.length > 0 ? { label: null, part: null } : filed[i]!;
  });
}

function labelled(writer: ForeignWriter, photos: readonly OutPhoto[]): readonly OutPhoto[] {
  return writer.unlabelled ? photos : photos.filter(({ label }) => label !== null);
}

describe.each(WRITERS.map((writer) => [writer.format, writer] as const))('%s', (format, writer) => {
  test('what was written is read back, with and without parts', () => {
    for (const divided of [false, true]) {
      const photos = labelled(writer, photosOf(['Red Panda', null, 'lion', 'lynx', 'Red Panda'], divided));
      const back = readBack(write(writer, photos));
      expect(back.map(({ label }) => label)).toEqual(photos.map(({ label }) => label));
      if (!divided) continue;
      const parts = photos.map(({ label, part }) => (label === null ? null : part));
      expect(back.map(({ label, part }) => (label === null ? null : part))).toEqual(parts);
    }
  });

  test('hostile labels come back as they are, and every path is safe everywhere', () => {
    const written = write(writer, photosOf(HOSTILE, true));
    const names = [...written.photos.map(({ path }) => path), ...written.texts.map(({ name }) => name)];
    expect(names.map(safeEntryName)).toEqual(names);
    checkClashes(names.map((name) => ({ name, directory: false })));
    if (format === 'image-folder') return;
    expect(readBack(written).map(({ label }) => label)).toEqual(
      HOSTILE.map((label) => label.replace(/\s+/g, ' ')),
    );
  });

  test('any labels come back, and different ones stay different', () => {
    const label = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 20 })
      .map((text) => text.normalize('NFC').replace(/\s+/gu, ' ').trim())
      .filter((text) => text !== '' && text.isWellFormed());
    fc.assert(
      fc.property(fc.uniqueArray(label, { selector: labelKey, minLength: 1, maxLength: 6 }), (labels) => {
        const written = write(writer, photosOf(labels, false));
        const names = written.photos.map(({ path }) => path);
        expect(names.map(safeEntryName)).toEqual(names);
        checkClashes(names.map((name) => ({ name, directory: false })));
        const back = readBack(written).map((said) => said.label);
        if (format === 'image-folder')
          expect(new Set(back.map((b) => labelKey(b ?? ''))).size).toBe(labels.length);
        else if (format === 'cvat') expect(back).toEqual(labels.map(xmlSafe));
        else expect(back).toEqual(labels);
      }),
      { numRuns: 40 },
    );
  });
});

/** What XML cannot hold is a mark in its place. */
function xmlSafe(label: string): string {
  return label
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .normalize('NFC');
}
