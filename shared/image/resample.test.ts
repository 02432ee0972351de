import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { makePixels, PixelsError, type Pixels } from './pixels.ts';
import { resize } from './resample.ts';
import { noise, plain } from './testing/synthetic.ts';

fc.configureGlobal({ seed: 20_260_102 });

const side = fc.integer({ min: 1, max: 40 });

/** One line of grey pixels. */
function line(...values: number[]): Pixels {
  return makePixels(values.length, 1, Uint8Array.from(values.flatMap((v) => [v, v, v])));
}

function greys(pixels: Pixels): number[] {
  return [...pixels.data].filter((_, i) => i % 3 === 0);
}

describe('resize', () => {
  test('shrinking averages the area that a pixel covers', () => {
    expect(greys(resize(line(0, 255), 1, 1))).toEqual([128]);
    expect(greys(resize(line(10, 20, 30, 40), 2, 1))).toEqual([15, 35]);
    // Each target pixel covers 1.5 source pixels.
    expect(greys(resize(line(0, 90, 180), 2, 1))).toEqual([30, 150]);
  });

  test('enlarging blends neighbours and holds the ends', () => {
    expect(greys(resize(line(0, 100), 4, 1))).toEqual([0, 25, 75, 100]);
  });

  test('one colour stays that colour at any size', () => {
    fc.assert(
      fc.property(side, side, side, side, fc.integer({ min: 0, max: 255 }), (w, h, toW, toH, grey) => {
        expect(resize(plain(w, h, grey), toW, toH)).toEqual(plain(toW, toH, grey));
      }),
    );
  });

  test('agrees with plain floating-point area averaging to one step', () => {
    fc.assert(
      fc.property(side, side, side, side, fc.integer(), (w, h, toW, toH, seed) => {
        const source = noise(w, h, seed);
        const [width, height] = [Math.min(w, toW), Math.min(h, toH)];
        const actual = resize(source, width, height).data;
        const expected = floatAverage(source, width, height);
        expect(Math.max(...expected.map((value, i) => Math.abs(value - (actual[i] ?? 0))))).toBeLessThan(0.6);
      }),
    );
  });

  test('a line longer than the weights are precise is still averaged evenly', () => {
    const half = Array.from({ length: 20_000 }, (_, i) => (i < 10_000 ? 0 : 200));
    expect(greys(resize(line(...half), 1, 1))).toEqual([100]);
  });

  test('colours do not mix', () => {
    expect([...resize(plain(9, 9, 255, 0, 7), 4, 4).data.slice(0, 3)]).toEqual([255, 0, 7]);
  });

  test('the same size is the same picture', () => {
    const source = noise(8, 5);
    expect(resize(source, 8, 5)).toBe(source);
  });

  test.each([
    [0, 5],
    [5, -1],
    [1.5, 5],
    [Number.NaN, 5],
  ])('a target of %d × %d is refused', (width, height) => {
    expect(() => resize(noise(4, 4), width, height)).toThrow(PixelsError);
  });
});

/** The definition, in doubles: mean of the source weighted by the overlap with the target cell. */
function floatAverage(source: Pixels, width: number, height: number): number[] {
  const [sx, sy] = [source.width / width, source.height / height];
  const overlap = (cell: number, at: number, scale: number): number =>
    Math.max(0, Math.min((cell + 1) * scale, at + 1) - Math.max(cell * scale, at));
  const out: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sums = [0, 0, 0];
      for (let v = Math.floor(y * sy); v < Math.min(source.height, (y + 1) * sy); v++) {
        for (let u = Math.floor(x * sx); u < Math.min(source.width, (x + 1) * sx); u++) {
          const weight = (overlap(x, u, sx) * overlap(y, v, sy)) / (sx * sy);
          for (let c = 0; c < 3; c++) {
            sums[c] = (sums[c] ?? 0) + weight * (source.data[(v * source.width + u) * 3 + c] ?? 0);
          }
        }
      }
      out.push(...sums);
    }
  }
  return out;
}
