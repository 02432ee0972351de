import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { labelKey, type LabelId } from '../schema/names.ts';
import {
  fileName,
  folderName,
  folderNames,
  isSystemLitter,
  labelFolder,
  parsePhotoPath,
  parseShardName,
  photoPath,
  shardName,
} from './layout.ts';
import { foldPath, safeEntryName } from './names.ts';
import { utf8Length } from './utf8.ts';

fc.configureGlobal({ seed: 20_260_102 });

const HASH = 'ab'.repeat(32);
const HOSTILE = [
  '../../x',
  '<img src=x onerror=alert(1)>',
  "=cmd|' /c calc'!a0",
  'con',
  'con.x',
  'com1',
  'trailing.',
  '.hidden',
  '_unlabelled',
  '-rf',
  '~',
  '/',
  '..',
  '__proto__',
  'constructor',
  'a\u202eb',
  '\0',
  '???',
  'weißkopfseeadler',
  'x'.repeat(300),
  '虎'.repeat(100),
  '👨‍👩‍👧‍👦',
].map(labelKey);

const label = fc
  .oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme' }),
  )
  .map(labelKey)
  .filter((id) => id.length > 0);

describe('folders of an export (P5-02)', () => {
  test.each([
    'red panda',
    'st. bernard',
    'łoś (młody)',
    'עיט',
    '虎',
    'тигр',
    '🦦 otter',
    "przewalski's horse",
    'no. 5',
  ])('an ordinary name is its own folder: %s', (name) => {
    expect(folderName(labelKey(name))).toBe(name);
  });

  test('what is not safe everywhere is altered, still readable, and marked', () => {
    expect(folderName(labelKey('<img>'))).toMatch(/^img~[0-9a-f]{16}$/);
    expect(folderName(labelKey('../../x'))).toMatch(/^x~[0-9a-f]{16}$/);
    expect(folderName(labelKey('con.x'))).toMatch(/^label con\.x~[0-9a-f]{16}$/);
    expect(folderName(labelKey('???'))).toMatch(/^label~[0-9a-f]{16}$/);
    for (const id of HOSTILE) expect(folderName(id)).not.toBe(id);
  });

  test('every folder passes our own guard, on any system, below 80 bytes', () => {
    fc.assert(
      fc.property(label, (id) => {
        const folder = folderName(id);
        const path = photoPath(folder, HASH);
        expect(safeEntryName(path)).toBe(path);
        expect(folder).not.toMatch(/^[_\-.~ ]|[. ]$/);
        expect(utf8Length(folder)).toBeLessThanOrEqual(80);
      }),
      { numRuns: 3000 },
    );
  });

  test('different labels have different folders, also where case does not count', () => {
    fc.assert(
      fc.property(fc.uniqueArray(label, { maxLength: 30 }), (ids) => {
        const folders = [...folderNames(ids).values()].map(foldPath);
        expect(new Set(folders).size).toBe(ids.length);
      }),
    );
    const tricky = ['img', '<img>', 'img>', 'ss', 'ß', folderName('<img>' as LabelId)].map(labelKey);
    expect(new Set([...folderNames(tricky).values()].map(foldPath)).size).toBe(tricky.length);
  });

  test('photos without a label have a folder that no label can have', () => {
    expect(labelFolder(null)).toBe('_unlabelled');
    expect(labelFolder(labelKey('_unlabelled'))).not.toBe('_unlabelled');
  });
});

describe('paths of photos', () => {
  test('are read back', () => {
    fc.assert(
      fc.property(label, (id) => {
        const folder = folderName(id);
        expect(parsePhotoPath(photoPath(folder, HASH))).toEqual({ folder, photo: HASH });
      }),
    );
  });

  test.each([
    'library.json',
    `Image_Library/${HASH}.png`,
    `x/otter/${HASH}.png`,
    'Image_Library/otter/1.png',
  ])('%s is none', (path) => {
    expect(parsePhotoPath(path)).toBe(null);
  });
});

describe('file names of shards', () => {
  test('count from 1 and are read back', () => {
    expect(shardName('Zürich Zoo', 1, 3)).toBe('Zürich Zoo-001-of-003.zip');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 2000 }), (name, of) => {
        const file = shardName(name, of, of);
        expect(safeEntryName(file)).toBe(file);
        expect(parseShardName(file)).toEqual({ name: fileName(name), index: of, of });
      }),
    );
  });

  test('a browser may have numbered a repeated download', () => {
    expect(parseShardName('zoo-002-of-003 (1).zip')).toEqual({ name: 'zoo', index: 2, of: 3 });
  });

  test.each(['zoo.zip', 'zoo-004-of-003.zip', 'zoo-000-of-003.zip', '-001-of-001.zip', 'zoo-1-of-3.zip'])(
    '%s is none',
    (file) => {
      expect(parseShardName(file)).toBe(null);
    },
  );
});

test('what systems leave behind is told apart from photos', () => {
  const litter = ['__MACOSX/a/._1.jpg', 'a/.DS_Store', 'a/Thumbs.db', 'desktop.ini', 'a/._1.jpg'];
  expect(litter.filter(isSystemLitter)).toEqual(litter);
  expect(['a/1.jpg', 'thumbs/1.jpg', 'a/_1.jpg'].filter(isSystemLitter)).toEqual([]);
});
