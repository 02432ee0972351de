import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import * as v from 'valibot';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import { QualitySchema, type Quality } from '../schema/photo.ts';
import { canonicalise } from './canonical.ts';
import { hintsOf } from './hints.ts';
import { blackPixels, makePixels, type Pixels } from './pixels.ts';
import { measureQuality } from './quality.ts';
import { noise, plain, scene } from './testing/synthetic.ts';

const SIZE = 96;

function measure(picture: Pixels): Quality {
  return measureQuality(canonicalise(picture, SIZE), picture);
}

/** Paints a picture from the brightness of each place. */
function paint(width: number, height: number, light: (x: number, y: number) => number): Pixels {
  const picture = blackPixels(width, height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) picture.data.fill(light(x, y), at, at + 3);
  }
  return picture;
}

const checks = (x: number, y: number): number => (((x >> 3) + (y >> 3)) % 2 === 0 ? 60 : 180);
const inMiddle = (x: number, y: number): boolean => Math.abs(x - 48) < 24 && Math.abs(y - 48) < 24;

function reasons(picture: Pixels): string[] {
  return hintsOf({ width: 4000, height: 3000, faults: [], quality: measure(picture) }).map((h) => h.reason);
}

describe('measures of a picture', () => {
  test('fit their schema, whatever the picture', () => {
    for (const picture of [noise(80, 33), plain(5, 1, 0), plain(1, 1, 255), scene(96, 64), plain(300, 2, 90)])
      expect(v.is(QualitySchema, measure(picture))).toBe(true);
  });

  test('survive a trip through JSON unchanged, so that an export gives them back', () => {
    for (const picture of [plain(64, 48, 90), noise(64, 64), paint(64, 48, checks)]) {
      const quality = measure(picture);
      expect(JSON.parse(JSON.stringify(quality))).toEqual(quality);
    }
  });

  test('leave the padding out', () => {
    expect(measure(plain(96, 30, 200))).toMatchObject({ brightness: 0.7843, shadows: 0, contrast: 0 });
  });

  test('brightness, shadows, highlights and contrast are what they say', () => {
    const halves = measure(paint(96, 96, (x) => (x < 48 ? 0 : 255)));
    expect(halves).toMatchObject({ brightness: 0.5, shadows: 0.5, highlights: 0.5, contrast: 0.5 });
  });

  test('sharpness falls with blur and does not fall with less light', async () => {
    const crisp = paint(96, 96, checks);
    const dim = paint(96, 96, (x, y) => checks(x, y) >> 1);
    const raw = { width: 96, height: 96, channels: 3 } as const;
    const blurred = await sharp(crisp.data, { raw }).blur(3).raw().toBuffer();
    const soft = measure(makePixels(96, 96, new Uint8Array(blurred)));
    expect(soft.sharpness).toBeLessThan(0.08);
    expect(measure(crisp).sharpness).toBeGreaterThan(0.2);
    expect(measure(dim).sharpness).toBeCloseTo(measure(crisp).sharpness, 2);
  });

  test('a bright rim around a dark middle is back-lit, the reverse is not', () => {
    expect(measure(paint(96, 96, (x, y) => (inMiddle(x, y) ? 10 : 230))).backlight).toBeGreaterThan(0.7);
    expect(measure(paint(96, 96, (x, y) => (inMiddle(x, y) ? 230 : 10))).backlight).toBeLessThan(-0.7);
  });

  test('coverage is small where all detail is in one corner', () => {
    expect(
      measure(paint(96, 96, (x, y) => (x < 20 && y < 20 ? checks(x * 3, y * 3) : 120))).coverage,
    ).toBeLessThan(0.1);
    expect(measure(noise(96, 96)).coverage).toBeGreaterThan(0.6);
  });
});

describe('hints', () => {
  test('P1-32 P1-33 P1-34 a dark, a back-lit and a flat picture get theirs; a lively one none', () => {
    expect(reasons(plain(96, 96, 12))).toContain('dark');
    expect(reasons(paint(96, 96, (x, y) => (inMiddle(x, y) ? 5 : 200)))).toContain('back-lit');
    expect(reasons(plain(96, 96, 128))).toEqual(['hazy']);
    expect(reasons(paint(96, 96, checks))).toEqual([]);
  });

  test('one that a person has marked already is not suggested again', () => {
    const quality = measure(plain(96, 96, 128));
    expect(hintsOf({ width: 900, height: 900, quality, faults: ['blurry'] })).toEqual([]);
  });

  test('a tiny original is told without any measure', () => {
    expect(hintsOf({ width: 120, height: 90, quality: null, faults: [] })).toEqual([
      { reason: 'tiny', fault: 'blurry' },
    ]);
  });
});

const ZOO = resolve(import.meta.dirname, '../../../shared/data/zoo');

describe.skipIf(!existsSync(ZOO))('on real photos', () => {
  test('few good photos are accused; most of them are once they are blurred', async () => {
    const files = readdirSync(ZOO).flatMap((name) =>
      readdirSync(join(ZOO, name))
        .slice(0, 4)
        .map((file) => join(ZOO, name, file)),
    );
    let [accused, found] = [0, 0];
    for (const file of files) {
      const original = await decoded(sharp(file).autoOrient());
      const good = canonicalise(original, 299);
      const raw = { width: 299, height: 299, channels: 3 } as const;
      const soft = await decoded(sharp(good.data, { raw }).blur(2.5));
      if (hasHints(good, original)) accused += 1;
      if (hasHints(soft, original)) found += 1;
    }
    expect(accused / files.length).toBeLessThan(0.08);
    expect(found / files.length).toBeGreaterThan(0.9);
  }, 60_000);
});

function hasHints(canonical: Pixels, shape: Pixels): boolean {
  const quality = measureQuality(canonical, shape);
  return hintsOf({ width: 800, height: 800, quality, faults: [] }).length > 0;
}

async function decoded(image: ReturnType<typeof sharp>): Promise<Pixels> {
  const { data, info } = await image
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return makePixels(info.width, info.height, new Uint8Array(data));
}
