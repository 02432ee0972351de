import { afterEach, describe, expect, test, vi } from 'vitest';

import { makePixels, type Pixels } from '#shared/image/pixels.ts';
import { decodeExact, decodeImage } from '../platform/decode.ts';
import { makeThumb, pixelHash, preparePhoto } from './prepare.ts';
import { gradient, noise, pngHead, quarters, withOrientation } from './testing/pictures.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** The colour in the middle of each quarter as r, g, b or w: top left, top right, bottom left, bottom right. */
function corners(pixels: Pixels): string {
  const at = (x: number, y: number): string => {
    const i = (Math.floor(y * pixels.height) * pixels.width + Math.floor(x * pixels.width)) * 3;
    const bits = [0, 1, 2].map((c) => ((pixels.data[i + c] ?? 0) > 127 ? 1 : 0)).join('');
    return { '100': 'r', '010': 'g', '001': 'b', '111': 'w' }[bits] ?? `?${bits}`;
  };
  return at(0.25, 0.25) + at(0.75, 0.25) + at(0.25, 0.75) + at(0.75, 0.75);
}

describe('EXIF orientation stands upright (P1-12 … P1-17)', () => {
  test.each([
    [1, 80, 40, 'rgbw'],
    [2, 80, 40, 'grwb'],
    [3, 80, 40, 'wbgr'],
    [4, 80, 40, 'bwrg'],
    [5, 40, 80, 'rbgw'],
    [6, 40, 80, 'brwg'],
    [7, 40, 80, 'wgbr'],
    [8, 40, 80, 'gwrb'],
  ])('orientation %i', async (orientation, width, height, expected) => {
    const decoded = await decodeImage(withOrientation(await quarters(), orientation), 40);
    expect([decoded.width, decoded.height, corners(decoded.pixels)]).toEqual([width, height, expected]);
  });

  test.each([
    [1, 1600, 800, 'rgbw'],
    [2, 1600, 800, 'grwb'],
    [3, 1600, 800, 'wbgr'],
    [4, 1600, 800, 'bwrg'],
    [5, 800, 1600, 'rbgw'],
    [6, 800, 1600, 'brwg'],
    [7, 800, 1600, 'wgbr'],
    [8, 800, 1600, 'gwrb'],
  ])(
    'orientation %i, also where a large photo is decoded reduced',
    async (orientation, width, height, expected) => {
      const decoded = await decodeImage(withOrientation(await quarters(1600, 800), orientation), 299);
      expect([decoded.width, decoded.height, corners(decoded.pixels)]).toEqual([width, height, expected]);
      expect(Math.max(decoded.pixels.width, decoded.pixels.height)).toBeLessThan(1600);
    },
  );
});

describe('a large JPEG', () => {
  test('is decoded reduced, but never below the wanted edge, and keeps its true size', async () => {
    const bytes = await quarters(1600, 800);
    const { pixels, width, height } = await decodeImage(bytes, 299);
    expect([width, height]).toEqual([1600, 800]);
    expect(pixels.width).toBeGreaterThanOrEqual(299);
    expect(pixels.width).toBeLessThan(1600);
    expect(corners(pixels)).toBe('rgbw');
  });

  test.each<PredefinedColorSpace>(['srgb', 'display-p3'])(
    'in %s is the same with and without a canvas between',
    async (space) => {
      const bytes = await gradient(1600, 1200, space);
      const { pixels: straight } = await decodeImage(bytes, 299);
      vi.spyOn(VideoFrame.prototype, 'format', 'get').mockReturnValue('I420');
      const { pixels: drawn } = await decodeImage(bytes, 299);
      expect([straight.width, straight.height]).toEqual([drawn.width, drawn.height]);
      expect(meanDifference(straight, drawn)).toBe(0);
    },
  );

  test.each<PredefinedColorSpace>(['srgb', 'display-p3'])(
    'in %s gives nearly the same canonical image as when it is decoded whole',
    async (colorSpace) => {
      const bytes = await gradient(1600, 1200, colorSpace);
      const reduced = await preparePhoto(bytes, 299);
      vi.stubGlobal('ImageDecoder', undefined);
      const whole = await preparePhoto(bytes, 299);
      const [a, b] = await Promise.all(
        [reduced, whole].map((prepared) => decodeExact(new Uint8Array(prepared.image))),
      );
      expect(meanDifference(a!, b!)).toBeLessThan(2);
    },
  );
});

test('the stored PNG holds exactly the pixels that were hashed', async () => {
  const prepared = await preparePhoto(await noise(1), 64);
  const back = await decodeExact(new Uint8Array(prepared.image));
  expect([back.width, back.height]).toEqual([64, 64]);
  expect(await pixelHash(back)).toBe(prepared.pixels);
});

test('the thumbnail has the shape of the picture, without black bars', async () => {
  const { thumb } = await preparePhoto(await quarters(400, 200), 299);
  const { width, height } = await decodeImage(new Uint8Array(thumb), 192);
  expect([width, height]).toEqual([192, 96]);
});

describe('HEIC', () => {
  /** The head of a HEIC file that declares this size. */
  function heic(width: number, height: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(80);
    const view = new DataView(bytes.buffer);
    const text = (at: number, value: string): void => {
      bytes.set(new TextEncoder().encode(value), at);
    };
    view.setUint32(0, 24);
    text(4, 'ftypheic');
    text(16, 'mif1heic');
    text(28, 'ispe');
    view.setUint32(36, width);
    view.setUint32(40, height);
    return bytes;
  }

  test('is said to be one, with what to do, where the browser cannot decode it', async () => {
    await expect(preparePhoto(heic(4000, 3000), 299)).rejects.toThrow(/HEIC photo.*Save it as JPEG/);
  });

  test('is taken where the browser can', async () => {
    const decoded = await createImageBitmap(new Blob([await quarters(80, 40)]));
    vi.stubGlobal('createImageBitmap', () => Promise.resolve(decoded));
    expect(await preparePhoto(heic(80, 40), 64)).toMatchObject({ width: 80, height: 40 });
  });

  test('that declares more pixels than can be held is refused before any decoder sees it', async () => {
    const decode = vi.fn();
    vi.stubGlobal('createImageBitmap', decode);
    await expect(preparePhoto(heic(30_000, 30_000), 64)).rejects.toThrow(/30000 × 30000/);
    expect(decode).not.toHaveBeenCalled();
  });
});

test('a picture never shows through another one of the same size, however transparent it is', async () => {
  const clear = new OffscreenCanvas(80, 40);
  clear.getContext('2d')?.clearRect(0, 0, 80, 40);
  const transparent = new Uint8Array(await (await clear.convertToBlob({ type: 'image/png' })).arrayBuffer());
  await decodeImage(await quarters(80, 40, 'image/png'), 64);
  const { pixels } = await decodeImage(transparent, 64);
  expect(pixels.data.every((value) => value === 0)).toBe(true);
});

test('thumbnails that are made at the same time are each of their own picture', async () => {
  const colours = [0, 80, 160, 240].map((level) =>
    makePixels(64, 64, new Uint8Array(64 * 64 * 3).fill(level)),
  );
  const together = await Promise.all(colours.map((pixels) => makeThumb(pixels, { width: 4, height: 3 })));
  const levels = await Promise.all(
    together.map(async (jpeg) => (await decodeImage(new Uint8Array(jpeg), 64)).pixels.data[0] ?? -1),
  );
  levels.forEach((level, i) => {
    expect(Math.abs(level - 80 * i)).toBeLessThan(4);
  });
});

describe('bad input is refused in words that name the fault', () => {
  test.each<[string, () => Promise<Uint8Array<ArrayBuffer>>, RegExp]>([
    ['a file of 0 bytes', () => Promise.resolve(new Uint8Array(0)), /empty/],
    [
      'a text named .jpg',
      () => Promise.resolve(new TextEncoder().encode('hello, not a photo')),
      /not a photo/,
    ],
    ['a header of 30 000 × 30 000', () => Promise.resolve(pngHead(30_000, 30_000)), /30000 × 30000/],
    ['a PNG that ends after its header', () => Promise.resolve(pngHead(10, 10)), /damaged/],
    ['a JPEG cut in its header', async () => (await quarters()).slice(0, 40), /damaged/],
    ['markup', () => Promise.resolve(new TextEncoder().encode('<svg xmlns="x"/>')), /not a photo/],
  ])('%s', async (_name, bytes, message) => {
    await expect(preparePhoto(await bytes(), 299)).rejects.toThrow(message);
  });
});

function meanDifference(a: Pixels, b: Pixels): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] ?? 0)), 0) / a.data.length;
}
