import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';

import { createRandom } from '../dataset/random.ts';
import {
  AugmentOptionsSchema,
  DEFAULT_AUGMENTATION,
  NO_AUGMENTATION,
  STRONG_AUGMENTATION,
} from '../schema/augment.ts';
import { applyAugmentation, augment } from './augment.ts';
import { type Augmentation, describeAugmentation, drawAugmentation } from './augment-draw.ts';
import { canonicalise } from './canonical.ts';
import { turn } from './edits.ts';
import type { Pixels } from './pixels.ts';
import { resize } from './resample.ts';
import { noise, plain, scene } from './testing/synthetic.ts';

fc.configureGlobal({ seed: 20_260_103 });

const ALLOWED = { flop: true, zoomOut: true };
const NOTHING: Augmentation = drawAugmentation(NO_AUGMENTATION, createRandom(1), ALLOWED);

const edge = fc.integer({ min: 1, max: 48 });
const anyDraw: fc.Arbitrary<Augmentation> = fc
  .tuple(fc.constantFrom(DEFAULT_AUGMENTATION, STRONG_AUGMENTATION), fc.nat(), fc.boolean(), fc.boolean())
  .map(([options, seed, flop, zoomOut]) => drawAugmentation(options, createRandom(seed), { flop, zoomOut }));

const change = (drawn: Partial<Augmentation>): Augmentation => ({ ...NOTHING, ...drawn });

function largestDifference(a: Pixels, b: Pixels): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.data[i] ?? 0))), 0);
}

function meanDifference(a: Pixels, b: Pixels): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] ?? 0)), 0) / a.data.length;
}

describe('one variation', () => {
  test('with nothing switched on is exactly the plain resizing', () => {
    fc.assert(
      fc.property(edge, edge, fc.nat(), fc.nat(), (from, size, picture, seed) => {
        const image = noise(from, from, picture);
        expect(augment(image, NO_AUGMENTATION, createRandom(seed), { size })).toEqual(
          resize(image, size, size),
        );
      }),
    );
  });

  test('leaves the picture it was made of as it was, whatever the size', () => {
    const image = noise(24, 24);
    const before = image.data.slice();
    for (const size of [24, 12]) {
      const varied = augment(image, STRONG_AUGMENTATION, createRandom(3), { size });
      varied.data.fill(7);
      expect(image.data).toEqual(before);
    }
  });

  test('has the size asked for and only bytes that can be (P4-14)', () => {
    fc.assert(
      fc.property(edge, edge, anyDraw, fc.nat(), (from, size, drawn, picture) => {
        const { width, height, data } = applyAugmentation(noise(from, from, picture), drawn, size);
        expect([width, height, data.length]).toEqual([size, size, size * size * 3]);
      }),
    );
  });

  test('never makes light out of nothing: black stays black, and nothing is lighter than the lightest', () => {
    fc.assert(
      fc.property(edge, edge, anyDraw, (from, size, drawn) => {
        expect(applyAugmentation(plain(from, from, 0), drawn, size)).toEqual(plain(size, size, 0));
        const still = { ...drawn, brightness: 0, contrast: 0, saturation: 0, noise: 0 };
        expect(Math.max(...applyAugmentation(plain(from, from, 200), still, size).data)).toBeLessThanOrEqual(
          200,
        );
      }),
    );
  });

  test('a picture that is not square is refused', () => {
    expect(() => applyAugmentation(noise(4, 5), NOTHING, 4)).toThrow(RangeError);
  });
});

describe('mirroring (P4-11)', () => {
  test('twice is the picture itself', () => {
    fc.assert(
      fc.property(edge, fc.nat(), (size, picture) => {
        const once = applyAugmentation(noise(size, size, picture), change({ flop: true }), size);
        expect(applyAugmentation(once, change({ flop: true }), size)).toEqual(noise(size, size, picture));
      }),
    );
  });

  test('is the mirrored picture varied in the same way', () => {
    const image = scene(60, 60);
    const mirrored = applyAugmentation(image, change({ flop: true }), 60);
    fc.assert(
      fc.property(anyDraw, (drawn) => {
        const plainly = { ...drawn, noise: 0 };
        const after = applyAugmentation(image, { ...plainly, flop: true }, 40);
        const before = applyAugmentation(mirrored, { ...plainly, flop: false }, 40);
        // The points lie mirrored, so that their places are rounded the other way.
        expect(largestDifference(after, before)).toBeLessThanOrEqual(3);
      }),
    );
  });

  test('happens to about half of the photos, and never where a class has no flop (design §2.7)', () => {
    const draws = (flop: boolean): number =>
      Array.from({ length: 400 }, (_, seed) =>
        drawAugmentation(DEFAULT_AUGMENTATION, createRandom(seed), { flop, zoomOut: true }),
      ).filter((d) => d.flop).length;
    expect(draws(true)).toBeGreaterThan(160);
    expect(draws(true)).toBeLessThan(240);
    expect(draws(false)).toBe(0);
  });
});

describe('turning and zooming (P4-12, P4-13)', () => {
  test('clockwise is clockwise: a quarter turn is the one that people make', () => {
    const image = scene(50, 50);
    expect(
      largestDifference(applyAugmentation(image, change({ turn: 9000 }), 50), turn(image, 90)),
    ).toBeLessThan(2);
    expect(
      largestDifference(applyAugmentation(image, change({ turn: -9000 }), 50), turn(image, 270)),
    ).toBeLessThan(2);
  });

  test('there and back is nearly the picture, away from the corners', () => {
    const image = scene(120, 120);
    const there = applyAugmentation(image, change({ turn: 1234, zoom: 700 }), 120);
    const back = applyAugmentation(there, change({ turn: -1234, zoom: 1429 }), 120);
    expect(meanDifference(back, image)).toBeLessThan(2.5);
  });

  test('corners that come into view are black', () => {
    const turned = applyAugmentation(plain(100, 100, 255), change({ turn: 1000 }), 50);
    const at = (x: number, y: number): number => turned.data[(y * 50 + x) * 3] ?? -1;
    expect([at(0, 0), at(49, 0), at(0, 49), at(49, 49)]).toEqual([0, 0, 0, 0]);
    expect(at(25, 25)).toBe(255);
  });

  test('zooming out by a tenth leaves a frame of black around nine tenths', () => {
    const smaller = applyAugmentation(plain(200, 200, 255), change({ zoom: 900 }), 100);
    const line = [...smaller.data.slice(50 * 300, 51 * 300)].filter((_, i) => i % 3 === 0);
    expect(line.filter((value) => value > 127)).toHaveLength(90);
    expect([line[4], line[5], line[94], line[95]]).toEqual([0, 255, 255, 0]);
  });

  test('zooming in agrees with cutting out the middle and enlarging it', () => {
    const image = scene(160, 160, 4);
    const zoomed = applyAugmentation(image, change({ zoom: 2000 }), 80);
    const middle = { width: 80, height: 80, data: new Uint8Array(80 * 80 * 3) };
    for (let y = 0; y < 80; y++) {
      const from = ((y + 40) * 160 + 40) * 3;
      middle.data.set(image.data.subarray(from, from + 240), y * 240);
    }
    expect(largestDifference(zoomed, middle)).toBeLessThan(2);
  });

  test('a smaller target is averaged as plain resizing does, not picked from single pixels', () => {
    const fine = noise(299, 299, 9);
    const grey = applyAugmentation(fine, change({ zoom: 1001 }), 30);
    const spread = Math.max(...grey.data) - Math.min(...grey.data);
    expect(spread).toBeLessThan(110);
    expect(
      meanDifference(
        applyAugmentation(scene(299, 299), change({ zoom: 1001 }), 96),
        resize(scene(299, 299), 96, 96),
      ),
    ).toBeLessThan(0.6);
  });

  test('photos that may be small already are never made smaller (P4-14)', () => {
    fc.assert(
      fc.property(fc.nat(), fc.boolean(), (seed, zoomOut) => {
        const { zoom } = drawAugmentation(STRONG_AUGMENTATION, createRandom(seed), { flop: true, zoomOut });
        expect(zoom).toBeGreaterThanOrEqual(zoomOut ? 800 : 1000);
      }),
    );
  });
});

describe('light, colour and grain (F-16)', () => {
  test('the more a value was, the more it stays: nothing changes places, black and white stay', () => {
    const ramp = {
      width: 256,
      height: 256,
      data: new Uint8Array(256 * 256 * 3).map((_, i) => Math.floor(i / 3) % 256),
    };
    fc.assert(
      fc.property(
        fc.integer({ min: -250, max: 250 }),
        fc.integer({ min: -500, max: 500 }),
        (brightness, contrast) => {
          const { data } = applyAugmentation(ramp, change({ brightness, contrast }), 256);
          const line = [...data.slice(0, 768)].filter((_, i) => i % 3 === 0);
          expect(line[0]).toBe(0);
          expect(line[255]).toBe(255);
          expect(line).toEqual(line.toSorted((a, b) => a - b));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('brightness moves a middle grey by its share of white; contrast leaves it', () => {
    const grey = plain(2, 2, 128);
    expect(applyAugmentation(grey, change({ brightness: 100 }), 2).data[0]).toBeCloseTo(128 + 25.5, -0.5);
    expect(applyAugmentation(grey, change({ contrast: 300 }), 2).data[0]).toBe(128);
  });

  test('colours without strength are grey, and grey stays grey', () => {
    const { data } = applyAugmentation(plain(2, 2, 200, 100, 50), change({ saturation: -1000 }), 2);
    expect(new Set(data).size).toBe(1);
    expect(applyAugmentation(plain(2, 2, 90), change({ saturation: 900 }), 2)).toEqual(plain(2, 2, 90));
  });

  test('grain has the strength asked for, no drift, and spares the padding', () => {
    const grainy = applyAugmentation(plain(100, 100, 128), change({ noise: 40, grain: 77 }), 100);
    const errors = [...grainy.data].map((value) => value - 128);
    const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((a, b) => a + b * b, 0) / errors.length);
    expect(Math.abs(mean)).toBeLessThan(0.5);
    expect(deviation).toBeGreaterThan(9.5);
    expect(deviation).toBeLessThan(11);
    const bars = applyAugmentation(canonicalise(plain(100, 40, 128), 100), change({ noise: 100 }), 100);
    expect(Math.max(...bars.data.slice(0, 20 * 300))).toBe(0);
  });
});

describe('draws', () => {
  test('changing one option leaves the draws of all others as they were', () => {
    const { noise: _a, ...before } = drawAugmentation(DEFAULT_AUGMENTATION, createRandom(5), ALLOWED);
    const { noise: _b, ...after } = drawAugmentation(
      { ...DEFAULT_AUGMENTATION, noise: 0.1 },
      createRandom(5),
      ALLOWED,
    );
    expect(after).toEqual(before);
    const kept = drawAugmentation(DEFAULT_AUGMENTATION, createRandom(5), { flop: false, zoomOut: false });
    expect({ ...kept, flop: before.flop, zoom: before.zoom }).toMatchObject(before);
  });

  test('keep within their options', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const d = drawAugmentation(STRONG_AUGMENTATION, createRandom(seed), ALLOWED);
        expect(Math.abs(d.turn)).toBeLessThanOrEqual(2000);
        expect(d.zoom).toBeLessThanOrEqual(1625);
        // A crop never looks beyond the picture's edge: its middle is as far off as what it leaves out allows.
        expect(Math.abs(d.right)).toBeLessThanOrEqual(100);
        expect(Math.abs(d.brightness)).toBeLessThanOrEqual(200);
        expect(d.noise).toBeLessThanOrEqual(30);
      }),
    );
  });

  test('are told in words', () => {
    expect(describeAugmentation(NOTHING)).toBe('unchanged');
    const drawn = change({ flop: true, turn: -320, zoom: 1081, down: 4, brightness: -52, noise: 11 });
    expect(describeAugmentation(drawn)).toBe(
      'mirrored, turned 3.2° counter-clockwise, 8.1 % larger, off the middle, 5.2 % darker, 1.1 % grain',
    );
  });

  test('the presets are valid options', () => {
    for (const preset of [DEFAULT_AUGMENTATION, STRONG_AUGMENTATION, NO_AUGMENTATION])
      expect(v.parse(AugmentOptionsSchema, preset)).toEqual(preset);
    expect(v.safeParse(AugmentOptionsSchema, { ...DEFAULT_AUGMENTATION, rotate: 180 }).success).toBe(false);
  });
});
