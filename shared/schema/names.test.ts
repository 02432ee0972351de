import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { confidence, DEFAULT_THRESHOLD, isAnswer, labelKey, versionFolder } from './names.ts';

describe('the identity of a label', () => {
  test.each([
    ['Red Panda', 'red panda'],
    ['  red \t  PANDA\n', 'red panda'],
    ['cafe\u0301', 'caf\u00e9'],
    ['İstanbul', labelKey('i̇stanbul')],
    ['__proto__', '__proto__'],
  ])('%j is %j', (name, key) => {
    expect(labelKey(name)).toBe(key);
  });

  test('folding is idempotent for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(labelKey(labelKey(name))).toBe(labelKey(name));
      }),
      { seed: 1 },
    );
  });
});

describe('answers', () => {
  test('P2-08: at the threshold is an answer, just below is none', () => {
    expect(isAnswer(0.95, DEFAULT_THRESHOLD)).toBe(true);
    expect(isAnswer(0.949999, DEFAULT_THRESHOLD)).toBe(false);
  });

  test('P2-07: confidence is shown 0 … 100 and never flatters', () => {
    expect([0, 0.95, 0.9496, 0.94999, 1].map(confidence)).toEqual([0, 95, 94.9, 94.9, 100]);
  });

  test('P5-50: a version folder has three digits or more', () => {
    expect([7, 42, 1234].map(versionFolder)).toEqual(['007', '042', '1234']);
  });
});
