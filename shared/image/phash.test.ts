import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import { canonicalise } from './canonical.ts';
import { bitCount, hamming, perceptualHash } from './phash.ts';
import { makePixels, type Pixels } from './pixels.ts';
import { resize } from './resample.ts';
import { noise, plain, scene } from './testing/synthetic.ts';

fc.configureGlobal({ seed: 20_260_102 });

const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
const hash = fc.stringMatching(/^[0-9a-f]{16}$/);

/** Once through a lossy encoder. */
async function asJpeg(pixels: Pixels, quality: number): Promise<Pixels> {
  const raw = { width: pixels.width, height: pixels.height, channels: 3 } as const;
  const jpeg = await sharp(pixels.data, { raw }).jpeg({ quality }).toBuffer();
  return makePixels(pixels.width, pixels.height, new Uint8Array(await sharp(jpeg).raw().toBuffer()));
}

/** Distances between different scenes of one shape. */
function otherDistances(make: (seed: number) => string): number[] {
  const hashes = seeds.map(make);
  return hashes.flatMap((a, i) => hashes.slice(i + 1).map((b) => hamming(a, b)));
}

describe('perceptual hash', () => {
  test('is 16 hex digits', () => {
    expect(perceptualHash(scene(64, 48))).toMatch(/^[0-9a-f]{16}$/);
  });

  test('each bit: brighter than the right neighbour', () => {
    const stairs = makePixels(
      9,
      8,
      new Uint8Array(9 * 8 * 3).map((_, i) => 255 - (Math.floor(i / 3) % 9) * 20),
    );
    expect(perceptualHash(stairs)).toBe('f'.repeat(16));
    expect(perceptualHash(plain(30, 20, 99))).toBe('0'.repeat(16));
  });

  test('rescaling changes few bits', () => {
    for (const seed of seeds) {
      const source = scene(640, 480, seed);
      const small = resize(source, 320, 240);
      expect(hamming(perceptualHash(source), perceptualHash(small)), `scene ${seed}`).toBeLessThanOrEqual(3);
    }
  });

  test('heavy JPEG compression changes few bits', async () => {
    for (const seed of seeds) {
      const source = scene(320, 240, seed);
      const copy = await asJpeg(source, 30);
      expect(hamming(perceptualHash(source), perceptualHash(copy)), `scene ${seed}`).toBeLessThanOrEqual(6);
    }
  });

  test('different pictures differ in many bits', () => {
    expect(Math.min(...otherDistances((seed) => perceptualHash(scene(320, 240, seed))))).toBeGreaterThan(8);
  });

  test('black bars do not make all portrait photos alike', () => {
    const shape = { width: 200, height: 480 };
    const canonical = (seed: number): Pixels => canonicalise(scene(shape.width, shape.height, seed));
    expect(Math.min(...otherDistances((s) => perceptualHash(canonical(s), shape)))).toBeGreaterThan(8);
    expect(Math.min(...otherDistances((s) => perceptualHash(canonical(s))))).toBeGreaterThan(8);
  });

  test('the bars are found by their colour as well as by the shape', async () => {
    for (const seed of seeds) {
      const shape = { width: 300, height: 500 };
      const source = scene(shape.width, shape.height, seed);
      const canonical = canonicalise(source);
      const known = perceptualHash(canonical, shape);
      expect(perceptualHash(canonical)).toBe(known);
      expect(hamming(perceptualHash(source), known)).toBeLessThanOrEqual(3);
      expect(hamming(perceptualHash(await asJpeg(canonical, 60)), known)).toBeLessThanOrEqual(6);
    }
  });

  test('an all-black picture has a hash too', () => {
    expect(perceptualHash(plain(20, 20, 0))).toBe('0'.repeat(16));
  });

  test('a dark side is no bar: only what is black on both sides is cut', () => {
    const half = (left: number): Pixels => {
      const data = noise(40, 20).data.map((v, i) => (Math.floor(i / 3) % 40 < 20 ? left : 100 + (v >> 1)));
      return makePixels(40, 20, data);
    };
    expect(perceptualHash(half(0))).toBe(perceptualHash(half(30)));
  });
});

describe('Hamming distance', () => {
  test('is 0 for the same hash, symmetric, at most 64, and obeys the triangle', () => {
    fc.assert(
      fc.property(hash, hash, hash, (a, b, c) => {
        expect(hamming(a, a)).toBe(0);
        expect(hamming(a, b)).toBe(hamming(b, a));
        expect(hamming(a, b)).toBeLessThanOrEqual(64);
        expect(hamming(a, c)).toBeLessThanOrEqual(hamming(a, b) + hamming(b, c));
      }),
    );
    expect(hamming('0'.repeat(16), 'f'.repeat(16))).toBe(64);
  });

  test('counts the bits of any 32-bit number', () => {
    fc.assert(
      fc.property(fc.integer(), (n) => {
        expect(bitCount(n)).toBe((n >>> 0).toString(2).replaceAll('0', '').length);
      }),
    );
  });
});
