import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CANONICAL_SIZE, canonicalise, letterboxRect } from './canonical.ts';
import { PixelsError, type Pixels } from './pixels.ts';
import { resize } from './resample.ts';
import { noise, plain } from './testing/synthetic.ts';

fc.configureGlobal({ seed: 20_260_102 });

const side = fc.integer({ min: 1, max: 20_000 });
const size = fc.integer({ min: 32, max: 1024 });

function isBlack(pixels: Pixels, x: number, y: number): boolean {
  return [0, 1, 2].every((c) => pixels.data[(y * pixels.width + x) * 3 + c] === 0);
}

describe('letterbox (P1-12 … P1-17)', () => {
  test('lies inside the square, centred to a pixel, and touches two opposite edges', () => {
    fc.assert(
      fc.property(side, side, size, (width, height, edge) => {
        const rect = letterboxRect(width, height, edge);
        const [right, bottom] = [edge - rect.left - rect.width, edge - rect.top - rect.height];
        expect([0, 1]).toContain(right - rect.left);
        expect([0, 1]).toContain(bottom - rect.top);
        expect(Math.max(rect.width, rect.height)).toBe(edge);
        expect(Math.min(rect.width, rect.height)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test('keeps the aspect ratio to half a pixel (P1-16)', () => {
    fc.assert(
      fc.property(side, side, size, (width, height, edge) => {
        const rect = letterboxRect(width, height, edge);
        const scale = edge / Math.max(width, height);
        expect(Math.abs(rect.width - Math.max(1, width * scale))).toBeLessThanOrEqual(0.5);
        expect(Math.abs(rect.height - Math.max(1, height * scale))).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  test('landscape and portrait are mirror images', () => {
    fc.assert(
      fc.property(side, side, size, (width, height, edge) => {
        const [a, b] = [letterboxRect(width, height, edge), letterboxRect(height, width, edge)];
        expect([a.left, a.top, a.width, a.height]).toEqual([b.top, b.left, b.height, b.width]);
      }),
    );
  });

  test('a hair keeps one pixel', () => {
    expect(letterboxRect(20_000, 1, 299)).toEqual({ left: 0, top: 149, width: 299, height: 1 });
  });
});

describe('canonicalise', () => {
  test('is a square of 299 by default', () => {
    const { width, height } = canonicalise(noise(40, 30));
    expect([width, height]).toEqual([CANONICAL_SIZE, CANONICAL_SIZE]);
    expect(CANONICAL_SIZE).toBe(299);
  });

  test('is black outside of the picture, and the whole picture inside (no crop)', () => {
    const shape = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(shape, shape, (width, height) => {
        const canonical = canonicalise(plain(width, height, 255), 48);
        const rect = letterboxRect(width, height, 48);
        for (let y = 0; y < 48; y++) {
          for (let x = 0; x < 48; x++) {
            const inside =
              x >= rect.left && x < rect.left + rect.width && y >= rect.top && y < rect.top + rect.height;
            expect(isBlack(canonical, x, y)).toBe(!inside);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a square picture is resized only', () => {
    const source = noise(100, 100);
    expect(canonicalise(source, 64)).toEqual(resize(source, 64, 64));
  });

  test('a canonical image is its own canonical image', () => {
    const canonical = canonicalise(noise(80, 31), 64);
    expect(canonicalise(canonical, 64)).toEqual(canonical);
  });

  test.each([0, -5, 1.5, Number.NaN])('a size of %d is refused', (edge) => {
    expect(() => canonicalise(noise(4, 3), edge)).toThrow(PixelsError);
  });
});
