import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { foldPath, safeEntryName } from './names.ts';
import { ArchiveRefused, INVISIBLE, shown } from './refused.ts';

fc.configureGlobal({ seed: 20_260_102 });

const HOSTILE = [
  '',
  '/',
  '/etc/passwd',
  '../x.png',
  'a/../../x.png',
  'a/./x.png',
  'a//x.png',
  'C:/x.png',
  'c:x.png',
  '~/x.png',
  'a\\b.png',
  '\\\\server\\share',
  'a\0b.png',
  'a\nb.png',
  'photo\u202egnp.exe',
  'a\u200fb',
  '\ufeffa',
  '\ud800',
  'CON',
  'a/nul.png',
  'COM1.txt',
  'lpt9',
  'trailing.',
  'trailing /x',
  'a:b',
  'what?.png',
  '__proto__/x.png',
  'constructor',
  `${'d/'.repeat(9)}x.png`,
  'x'.repeat(256),
  'ä'.repeat(200),
  'ab/'.repeat(7) + 'y'.repeat(1100),
];

describe('names of entries', () => {
  test.each(HOSTILE)('%j is refused', (name) => {
    expect(() => safeEntryName(name)).toThrow(ArchiveRefused);
  });

  test.each([
    ['Image_Library/red panda/ab.png', 'Image_Library/red panda/ab.png'],
    ['folder/', 'folder'],
    ['Eisbär/1.jpg', 'Eisbär/1.jpg'],
    ['cafe\u0301.jpg', 'caf\u00e9.jpg'],
    ['עיט/🦦 👨‍👩‍👧.png', 'עיט/🦦 👨‍👩‍👧.png'],
    ['console.txt', 'console.txt'],
    ['a..b/c...d', 'a..b/c...d'],
    ['.hidden', '.hidden'],
  ])('%j is taken', (raw, name) => {
    expect(safeEntryName(raw)).toBe(name);
  });

  test('whatever comes in: a typed refusal, or a path that stays inside and is safe a second time', () => {
    const piece = fc.oneof(
      fc.constantFrom(...HOSTILE, '/', '.', ' '),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        let name: string;
        try {
          name = safeEntryName(pieces.join(''));
        } catch (cause) {
          expect(cause).toBeInstanceOf(ArchiveRefused);
          return;
        }
        expect(safeEntryName(name)).toBe(name);
        expect(name).not.toMatch(/^[/~]|\\|:|(^|\/)\.{1,2}(\/|$)/);
        expect(INVISIBLE.test(name)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});

test('a name in a message is quoted, short, and shows what is invisible', () => {
  expect(shown('a"b\u202ec\n')).toBe('"a\\"b\\u{202e}c\\u{a}"');
  expect(shown('x'.repeat(500)).length).toBeLessThan(90);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(INVISIBLE.test(shown(name))).toBe(false);
    }),
  );
});

test('spellings that some file system takes for one have one key', () => {
  const pairs = [
    ['Otter', 'oTTER'],
    ['caf\u00e9', 'CAFE\u0301'],
    ['Maß', 'MASS'],
    ['λύκος', 'ΛΎΚΟΣ'],
    ['\u212aiwi', 'kiwi'],
  ];
  for (const [a = '', b = ''] of pairs) expect(foldPath(a)).toBe(foldPath(b));
  expect(foldPath('otter')).not.toBe(foldPath('ottar'));
});
