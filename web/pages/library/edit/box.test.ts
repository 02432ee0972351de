import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Box } from '#shared/image/framing.ts';
import { between, byKey, CORNERS, LEAST, measureOf, MEASURES, moved, resized, withMeasure } from './box.ts';

fc.configureGlobal({ seed: 20_260_106 });

const box = { x: 0.2, y: 0.3, width: 0.4, height: 0.5 };
const share = fc.double({ min: 0, max: 1, noNaN: true });
const step = fc.double({ min: -2, max: 2, noNaN: true });
const anyBox: fc.Arbitrary<Box> = fc
  .tuple(share, share, share, share)
  .map(([ax, ay, bx, by]) => between({ x: ax, y: ay }, { x: bx, y: by }));

function expectInside({ x, y, width, height }: Box): void {
  expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
  expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(1 + 1e-9);
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(LEAST - 1e-9);
}

describe('a box (P1-26)', () => {
  test('stays inside the picture and can always be taken hold of, whatever is done to it', () => {
    fc.assert(
      fc.property(
        anyBox,
        step,
        step,
        fc.constantFrom(...CORNERS),
        fc.constantFrom(...MEASURES),
        (any, dx, dy, corner, measure) => {
          expectInside(any);
          expectInside(moved(any, dx, dy));
          expectInside(resized(any, corner, dx, dy));
          expectInside(withMeasure(any, measure, dx * 100));
        },
      ),
    );
  });

  test('keeps the opposite corner when one is dragged, its size when it is moved', () => {
    const dragged = resized(box, 'nw', 0.1, -0.1);
    expect([dragged.x, dragged.y]).toEqual([expect.closeTo(0.3), expect.closeTo(0.2)]);
    expect([dragged.x + dragged.width, dragged.y + dragged.height]).toEqual([
      expect.closeTo(0.6),
      expect.closeTo(0.8),
    ]);
    expect(moved(box, 5, -5)).toEqual({ ...box, x: 0.6, y: 0 });
  });

  test('by keyboard: arrows move it by one percent, with Shift they size it', () => {
    expect(byKey(box, 'ArrowRight', false)).toEqual({ ...box, x: expect.closeTo(0.21) as number });
    expect(byKey(box, 'ArrowUp', true)).toEqual({
      ...box,
      width: expect.closeTo(0.4) as number,
      height: expect.closeTo(0.49) as number,
    });
    expect(byKey(box, 'Enter', false)).toBeNull();
  });

  test('by numbers in whole percent', () => {
    expect(MEASURES.map((m) => measureOf(box, m))).toEqual([20, 30, 40, 50]);
    expect(measureOf(withMeasure(box, 'width', 70), 'width')).toBe(70);
    expect(measureOf(withMeasure(box, 'width', 95), 'width')).toBe(80);
  });
});
