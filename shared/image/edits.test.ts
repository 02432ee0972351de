import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { NO_EDITS } from '../schema/photo.ts';
import { applyEdits, crop, turn } from './edits.ts';
import { makePixels, PixelsError, type Pixels } from './pixels.ts';
import { noise } from './testing/synthetic.ts';

fc.configureGlobal({ seed: 20_260_102 });

const side = fc.integer({ min: 1, max: 30 });

/** 3 × 2 pixels, numbered: 1 2 3 / 4 5 6. */
const numbered = makePixels(3, 2, Uint8Array.from([1, 2, 3, 4, 5, 6].flatMap((n) => [n, n, n])));

function rows({ width, data }: Pixels): number[][] {
  const greys = [...data].filter((_, i) => i % 3 === 0);
  return Array.from({ length: greys.length / width }, (_, y) => greys.slice(y * width, (y + 1) * width));
}

describe('edits (P1-26)', () => {
  test('turns are clockwise', () => {
    expect(rows(turn(numbered, 90))).toEqual([
      [4, 1],
      [5, 2],
      [6, 3],
    ]);
    expect(rows(turn(numbered, 180))).toEqual([
      [6, 5, 4],
      [3, 2, 1],
    ]);
    expect(rows(turn(numbered, 270))).toEqual([
      [3, 6],
      [2, 5],
      [1, 4],
    ]);
  });

  test('four quarter turns, two half turns, or a quarter and three quarters change nothing', () => {
    fc.assert(
      fc.property(side, side, (width, height) => {
        const source = noise(width, height);
        expect(turn(turn(turn(turn(source, 90), 90), 90), 90)).toEqual(source);
        expect(turn(turn(source, 180), 180)).toEqual(source);
        expect(turn(turn(source, 90), 270)).toEqual(source);
      }),
    );
  });

  test('no edits: the very same picture', () => {
    expect(applyEdits(numbered, NO_EDITS)).toBe(numbered);
  });

  test('the crop is taken from the turned picture', () => {
    const edited = applyEdits(numbered, { turn: 90, crop: { x: 0, y: 0, width: 0.5, height: 1 } });
    expect(rows(edited)).toEqual([[4], [5], [6]]);
  });

  test('any crop lies inside the picture and keeps at least one pixel', () => {
    const fraction = fc.double({ min: 0, max: 1, noNaN: true });
    const turns = fc.constantFrom(0, 90, 180, 270);
    fc.assert(
      fc.property(
        side,
        side,
        fraction,
        fraction,
        fraction,
        fraction,
        turns,
        (w, h, x, y, width, height, t) => {
          const edited = applyEdits(noise(w, h), { turn: t, crop: { x, y, width, height } });
          const [most, least] = t % 180 === 0 ? [w, h] : [h, w];
          expect(edited.width).toBeGreaterThanOrEqual(1);
          expect(edited.width).toBeLessThanOrEqual(most);
          expect(edited.height).toBeGreaterThanOrEqual(1);
          expect(edited.height).toBeLessThanOrEqual(least);
        },
      ),
    );
  });

  test('the whole picture as a crop changes nothing', () => {
    const whole = { x: 0, y: 0, width: 1, height: 1 };
    expect(applyEdits(numbered, { turn: 0, crop: whole })).toEqual(numbered);
  });

  test('a rectangle outside the picture is a programming error', () => {
    expect(() => crop(numbered, 2, 0, 2, 1)).toThrow(PixelsError);
    expect(() => crop(numbered, 0, -1, 1, 1)).toThrow(PixelsError);
  });
});
