import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Edits, NO_EDITS } from '../schema/photo.ts';
import { applyEdits, editedShape } from './edits.ts';
import { absoluteEdits, addTurns, cropOf, relativeEdits, sameEdits, turnBox } from './relative-edits.ts';
import { noise } from './testing/synthetic.ts';

fc.configureGlobal({ seed: 20_260_105 });

const anyTurn: fc.Arbitrary<Edits['turn']> = fc.constantFrom(0, 90, 180, 270);
/** Crops on a grid of 32 steps, so that pixels of a 32 × 32 picture are met exactly. */
const anyCrop: fc.Arbitrary<Edits['crop']> = fc.option(
  fc
    .tuple(
      fc.integer({ min: 0, max: 15 }),
      fc.integer({ min: 0, max: 15 }),
      fc.integer({ min: 8, max: 16 }),
      fc.integer({ min: 8, max: 16 }),
    )
    .map(([x, y, width, height]) => ({ x: x / 32, y: y / 32, width: width / 32, height: height / 32 })),
);
const anyEdits: fc.Arbitrary<Edits> = fc.record({ turn: anyTurn, crop: anyCrop });

describe('edits on top of edits (P1-26)', () => {
  test('come to the same pixels as both in one go', () => {
    fc.assert(
      fc.property(anyEdits, anyTurn, (made, turn) => {
        const picture = noise(32, 32, 3);
        const once = applyEdits(picture, made);
        const [w, h] = turn % 180 === 0 ? [once.width, once.height] : [once.height, once.width];
        // Whole pixels, so that rounding can't differ.
        const relative: Edits = {
          turn,
          crop: { x: 2 / w, y: 1 / h, width: (w - 3) / w, height: (h - 4) / h },
        };
        expect(applyEdits(picture, absoluteEdits(relative, made))).toEqual(applyEdits(once, relative));
      }),
    );
  });

  test('there and back is the same', () => {
    fc.assert(
      fc.property(anyEdits, anyEdits, (relative, made) => {
        const back = relativeEdits(absoluteEdits(relative, made), made);
        expect(back.turn).toBe(relative.turn);
        const [a, b] = [back.crop, relative.crop];
        expect(a === null).toBe(b === null);
        if (a && b)
          for (const key of ['x', 'y', 'width', 'height'] as const) expect(a[key]).toBeCloseTo(b[key], 3);
      }),
    );
  });

  test('nothing on top of edits is those edits, and seen from the original they are themselves', () => {
    fc.assert(
      fc.property(anyEdits, (made) => {
        expect(absoluteEdits(NO_EDITS, made)).toEqual(made);
        expect(relativeEdits(made, made)).toEqual(NO_EDITS);
        expect(relativeEdits(made, NO_EDITS)).toEqual(made);
      }),
    );
  });

  test('a crop that reaches beyond what there is ends at its edge; one that misses it is all of it', () => {
    const made: Edits = { turn: 0, crop: { x: 0.5, y: 0, width: 0.5, height: 1 } };
    const wide: Edits = { turn: 0, crop: { x: 0.25, y: 0, width: 0.5, height: 1 } };
    expect(relativeEdits(wide, made).crop).toEqual({ x: 0, y: 0, width: 0.5, height: 1 });
    expect(relativeEdits({ turn: 0, crop: { x: 0, y: 0, width: 0.5, height: 1 } }, made)).toEqual(NO_EDITS);
  });
});

test('P4-15 a box turns with its picture; four turns, or one and back, change nothing', () => {
  const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 };
  expect(turnBox(box, 90)).toEqual({ x: 1 - 0.2 - 0.4, y: 0.1, width: 0.4, height: 0.3 });
  expect(cropOf(turnBox(turnBox(box, 90), 270))).toEqual(cropOf(box));
  expect(cropOf(turnBox(turnBox(box, 180), 180))).toEqual(cropOf(box));
  expect([addTurns(270, 90), addTurns(0, -90), addTurns(180, 270)]).toEqual([0, 270, 90]);
});

test('a crop of the whole picture is none', () => {
  expect(cropOf({ x: 0, y: 1e-9, width: 1, height: 1 })).toBeNull();
  expect(cropOf({ x: -0.2, y: 0.5, width: 1.5, height: 0.75 })).toEqual({
    x: 0,
    y: 0.5,
    width: 1,
    height: 0.5,
  });
  expect(sameEdits(NO_EDITS, { turn: 0, crop: null })).toBe(true);
  expect(sameEdits(NO_EDITS, { turn: 90, crop: null })).toBe(false);
});

test('the shape of what is left follows turn and crop', () => {
  const edits: Edits = { turn: 90, crop: { x: 0, y: 0, width: 0.5, height: 1 } };
  expect(editedShape({ width: 400, height: 300, edits })).toEqual({ width: 150, height: 400 });
});
