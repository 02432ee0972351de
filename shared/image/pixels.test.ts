import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { fromOpaque, fromRgba, makePixels, PixelsError, toRgba } from './pixels.ts';

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

  test('four bytes a pixel of an opaque picture come in either order; the fourth says nothing', () => {
    const bytes = Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 255);
    expect([...fromOpaque(2, 1, bytes, 'rgb').data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...fromOpaque(2, 1, bytes, 'bgr').data]).toEqual([3, 2, 1, 6, 5, 4]);
    expect(() => fromOpaque(2, 2, bytes, 'rgb')).toThrow(PixelsError);
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
