import { describe, expect, test } from 'vitest';

import { withOpinion } from '#shared/dataset/opinions.ts';
import { labelKey } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { photo } from '#shared/testing/library.ts';
import { differences, secondQueue, sidesOf } from './queue.ts';
import { sayWords } from './words.ts';

/** A photo with what people said of it, in this order. */
function said(n: number, ...opinions: readonly (readonly [by: string, label: string])[]): Photo {
  return opinions.reduce(
    (p, [by, label], i) =>
      withOpinion(p, {
        by,
        at: new Date(Date.UTC(2026, 4, 1, 10, i)).toISOString(),
        label: { kind: 'sub-class', id: labelKey(label) },
      }),
    photo(n, null),
  );
}

const PHOTOS = [
  said(1, ['Ada', 'lion']),
  said(2, ['Ben', 'lion']),
  said(3, ['Ada', 'lion'], ['Ben', 'tiger']),
  said(4, ['Ada', 'lion'], ['Ben', 'lion']),
  said(5, ['Ada', 'lion'], ['Cleo', 'puma']),
  { ...said(6, ['Ada', 'lion'], ['Ben', 'puma']), excluded: true },
  said(7),
];
const numbered = (...numbers: number[]): string[] => numbers.map((n) => photo(n, null).id);

describe('P1-40, P1-41', () => {
  test('disputed photos come first, then what only others have said; what is settled or excluded does not wait', () => {
    expect(secondQueue(PHOTOS, 'Ben')).toEqual(numbered(3, 5, 1));
    expect(secondQueue(PHOTOS, 'Ada')).toEqual(numbered(3, 5, 2));
    expect(secondQueue(PHOTOS, 'Dora')).toEqual(numbered(3, 5, 1, 2));
  });

  test('the notice names whom one differs from, and counts others’ disputes only where one has none', () => {
    expect(differences(PHOTOS, 'Ada')).toEqual({ photos: 2, from: ['Ben', 'Cleo'] });
    expect(differences(PHOTOS, 'Ben')).toEqual({ photos: 1, from: ['Ada'] });
    expect(differences(PHOTOS, 'Dora')).toEqual({ photos: 2, from: [] });
    expect(differences(PHOTOS.slice(0, 2), 'Ada')).toEqual({ photos: 0, from: [] });
  });

  test('what is told after an opinion says with whom it agrees or what was said', () => {
    const names = new Map([['sub-class lion', 'Lion']]);
    const { others } = sidesOf(said(1, ['Ada', 'lion'], ['Cleo', 'lion']), 'Ben');
    expect(sayWords(others, 'sub-class lion', 'Lion', names)).toBe('You agree with Ada and Cleo: Lion');
    expect(sayWords(others, 'sub-class puma', 'Puma', names)).toBe('Ada said “Lion”, you said “Puma”');
  });
});
