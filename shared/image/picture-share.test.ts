import { describe, expect, test } from 'vitest';

import { photo } from '../testing/library.ts';
import { contentRect } from './black-bars.ts';
import { canonicalise } from './canonical.ts';
import { applyEdits } from './edits.ts';
import { contentShare, pictureShare, smallPicture } from './picture-share.ts';
import { noise, plain } from './testing/synthetic.ts';

const of = (width: number, height: number, rest: Parameters<typeof photo>[2] = {}) =>
  photo(1, 'lion', { width, height, ...rest });

describe('what a picture covers of the square (P1-28)', () => {
  test.each([
    [1000, 1000, 1],
    [3000, 2000, 2 / 3],
    [2000, 3000, 2 / 3],
    [1920, 1080, 0.5625],
    [4000, 1000, 0.25],
  ])('%d × %d covers %f', (width, height, share) => {
    expect(pictureShare(of(width, height))).toBeCloseTo(share, 2);
  });

  test('turn and crop count: what somebody framed is what is seen', () => {
    const edits = { turn: 90, crop: { x: 0.1, y: 0.2, width: 0.8, height: 0.2 } } as const;
    const share = pictureShare(of(3000, 2000, { edits }));
    const canonical = canonicalise(applyEdits(plain(300, 200, 200), edits), 300);
    expect(share).toBeCloseTo(contentShare(canonical), 2);
    expect(
      pictureShare(of(3000, 2000, { edits: { turn: 0, crop: { x: 0, y: 0, width: 0, height: 0 } } })),
    ).toBe(1);
  });
});

describe('what is not black', () => {
  test('is found in the smallest rectangle, off the middle too', () => {
    const picture = plain(20, 10, 3);
    picture.data[(4 * 20 + 15) * 3 + 1] = 60;
    picture.data[(6 * 20 + 12) * 3] = 17;
    expect(contentRect(picture)).toEqual({ left: 12, top: 4, width: 4, height: 3 });
    expect(contentShare(picture)).toBeCloseTo(12 / 200);
    expect(contentRect(plain(5, 5, 16))).toBeNull();
    expect(contentShare(plain(5, 5, 16))).toBe(0);
  });

  test('agrees with the shape of a picture without borders', () => {
    expect(contentShare(canonicalise(noise(300, 200), 299))).toBeCloseTo(pictureShare(of(300, 200)), 2);
  });
});

describe('photos that are not made smaller (P4-14)', () => {
  test.each([
    ['a square one may be', of(500, 500), 1, null],
    ['16 : 9 may be', of(1920, 1080), 0.56, null],
    ['a panorama may not', of(3000, 900), 0.3, { reason: 'narrow', share: 0.3 }],
    ['one with broad black borders may not', of(500, 500), 0.41, { reason: 'black-edges', share: 0.41 }],
    [
      'one that somebody marked may not',
      of(500, 500, { faults: ['too-far'] }),
      1,
      { reason: 'too-far', share: null },
    ],
    ['without a look at its pixels only shape and marks count', of(500, 500), null, null],
  ] as const)('%s', (_, given, content, expected) => {
    const found = smallPicture(given, content);
    expect(
      found && { ...found, share: found.share === null ? null : Math.round(found.share * 100) / 100 },
    ).toEqual(expected);
  });
});
