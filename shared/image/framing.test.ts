import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Box, framingOf, guidesOf, proposeFrame, shareOf, WHOLE, zoomRoom } from './framing.ts';

fc.configureGlobal({ seed: 20_260_104 });

const PICTURE = { width: 4000, height: 3000 };
const anyBox: fc.Arbitrary<Box> = fc
  .tuple(
    fc.integer({ min: 5, max: 100 }),
    fc.integer({ min: 5, max: 100 }),
    fc.integer({ min: 0, max: 1000 }),
    fc.integer({ min: 0, max: 1000 }),
  )
  .map(([w, h, x, y]) => {
    const [width, height] = [w / 100, h / 100];
    return { x: (x / 1000) * (1 - width), y: (y / 1000) * (1 - height), width, height };
  });

/** In the middle of its frame, so large that it covers a share of it. */
const middle = (share: number): Box => {
  const side = Math.sqrt(share);
  return { x: (1 - side) / 2, y: (1 - side) / 2, width: side, height: side };
};

describe('a subject in its frame', () => {
  test.each([
    [0.49, 'too-small'],
    [0.5, 'small'],
    [0.79, 'small'],
    [0.8, 'good'],
    [0.9, 'good'],
    [0.91, 'tight'],
  ] as const)('P1-25 P1-28 that covers %d of it is %s', (share, framing) => {
    expect(framingOf(middle(share), WHOLE)).toBe(framing);
    expect(shareOf(middle(share), WHOLE)).toBeCloseTo(share);
  });

  test('that reaches beyond it is cut, whatever its share', () => {
    expect(
      framingOf({ x: 0, y: 0.1, width: 0.9, height: 0.8 }, { x: 0.1, y: 0, width: 0.9, height: 1 }),
    ).toBe('cut');
  });

  test('P1-25 the guide runs at 80 and 90 % of the frame’s area', () => {
    const frame = { x: 0.2, y: 0.1, width: 0.5, height: 0.6 };
    const { inner, outer } = guidesOf(frame);
    expect(shareOf(inner, frame)).toBeCloseTo(0.8);
    expect(shareOf(outer, frame)).toBeCloseTo(0.9);
    expect(framingOf(inner, frame)).toBe('good');
    expect(framingOf(outer, frame)).toBe('good');
  });
});

describe('the proposed frame', () => {
  test('P1-26 holds the subject, stays inside the picture, and gives it 85 % unless it fills the picture', () => {
    fc.assert(
      fc.property(anyBox, (subject) => {
        const frame = proposeFrame(subject, PICTURE);
        const inside = [frame.x, frame.y, 1 - frame.x - frame.width, 1 - frame.y - frame.height];
        expect(Math.min(...inside)).toBeGreaterThanOrEqual(-1e-9);
        expect(framingOf(subject, frame)).not.toBe('cut');
        const share = shareOf(subject, frame);
        if (shareOf(subject, WHOLE) >= 0.85) expect(frame).toEqual(WHOLE);
        else expect(share).toBeCloseTo(0.85, 4);
      }),
    );
  });

  test('P1-24 has the subject in its middle, with the same margin in pixels on every side', () => {
    const subject = { x: 0.4, y: 0.3, width: 0.2, height: 0.4 };
    const frame = proposeFrame(subject, PICTURE);
    const margins = [
      (subject.x - frame.x) * 4000,
      (frame.x + frame.width - 0.6) * 4000,
      (subject.y - frame.y) * 3000,
      (frame.y + frame.height - 0.7) * 3000,
    ];
    for (const margin of margins) expect(margin).toBeCloseTo(margins[0]!, 3);
    expect(margins[0]).toBeGreaterThan(30);
  });

  test('takes more on the other sides where the picture ends', () => {
    const frame = proposeFrame({ x: 0, y: 0.3, width: 0.3, height: 0.3 }, PICTURE);
    expect(frame.x).toBe(0);
    expect(shareOf({ x: 0, y: 0.3, width: 0.3, height: 0.3 }, frame)).toBeCloseTo(0.85, 4);
  });
});

describe('room for training to zoom in (P1-27)', () => {
  test('is what the subject leaves free around the middle of the padded square', () => {
    const square = { width: 1000, height: 1000 };
    expect(zoomRoom(middle(0.64), WHOLE, square)).toBeCloseTo(0.25);
    expect(zoomRoom(WHOLE, WHOLE, square)).toBe(0);
    // The padding above and below is room too: here the sides decide.
    expect(
      zoomRoom({ x: 0.1, y: 0, width: 0.8, height: 1 }, WHOLE, { width: 1000, height: 500 }),
    ).toBeCloseTo(0.25);
  });

  test('is there in every proposed frame that has a margin all around', () => {
    const subject = { x: 0.3, y: 0.3, width: 0.4, height: 0.4 };
    expect(zoomRoom(subject, proposeFrame(subject, PICTURE), PICTURE)).toBeGreaterThan(0.05);
  });
});
