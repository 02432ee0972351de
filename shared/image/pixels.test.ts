import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { fromRgba, makePixels, PixelsError, toRgba } from './pixels.ts';

fc.configureGlobal({ seed: 20_260_102 });

describe('pixels', () => {
  test('opaque RGBA survives the way there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (rgb) => {
        const pixels = makePixels(2, 2, rgb);
        expect(fromRgba(2, 2, toRgba(pixels))).toEqual(pixels);
      }),
    );
  });

  test('transparency is laid over black, the colour of the padding', () => {
    const rgba = Uint8Array.of(200, 100, 50, 0, 200, 100, 50, 128, 200, 100, 50, 255);
    expect([...fromRgba(3, 1, rgba).data]).toEqual([0, 0, 0, 100, 50, 25, 200, 100, 50]);
  });

  test.each([
    [2, 2, 11],
    [0, 5, 0],
    [1.5, 2, 9],
    [-1, -3, 9],
    [Number.NaN, 1, 3],
  ])('a size of %d × %d does not fit %d bytes', (width, height, bytes) => {
    expect(() => makePixels(width, height, new Uint8Array(bytes))).toThrow(PixelsError);
    expect(() => fromRgba(width, height, new Uint8Array(bytes))).toThrow(PixelsError);
  });
});
