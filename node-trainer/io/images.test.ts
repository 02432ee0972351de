import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';

import { decodeImage, encodePng } from './images.ts';

/** Left half red, right half blue, 8 × 4. */
const PIXELS = { width: 8, height: 4, data: Uint8Array.from({ length: 96 }, (_, i) => halves(i)) };

function halves(i: number): number {
  const left = Math.floor(i / 3) % 8 < 4;
  return i % 3 === (left ? 0 : 2) ? 255 : 0;
}

describe('decoding', () => {
  test('PNG gives back exactly the pixels that were packed', async () => {
    expect(await decodeImage(await encodePng(PIXELS))).toEqual(PIXELS);
  });

  test('all eight EXIF orientations come out upright', async () => {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const jpeg = await sharp(PIXELS.data, { raw: { width: 8, height: 4, channels: 3 } })
        .withMetadata({ orientation })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer();
      const { width, height, data } = await decodeImage(jpeg);
      expect([width, height]).toEqual(orientation >= 5 ? [4, 8] : [8, 4]);
      // Orientations 2, 3, 7 and 8 bring the blue half to the top left corner.
      const isBlue = (data[2] ?? 0) > 128;
      expect(isBlue, `orientation ${orientation}`).toBe([2, 3, 7, 8].includes(orientation));
    }
  });

  test('transparency is laid over black, the colour of the padding', async () => {
    const rgba = Buffer.from([200, 100, 50, 128, 200, 100, 50, 0]);
    const png = await sharp(rgba, { raw: { width: 2, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    expect([...(await decodeImage(png)).data]).toEqual([100, 50, 25, 0, 0, 0]);
  });

  test.each([
    ['greyscale', (s: Sharp) => s.greyscale().png()],
    ['16 bits a channel', (s: Sharp) => s.toColourspace('rgb16').png()],
    ['CMYK', (s: Sharp) => s.toColourspace('cmyk').jpeg()],
    ['a palette', (s: Sharp) => s.png({ palette: true })],
    ['WebP', (s: Sharp) => s.webp()],
    ['AVIF', (s: Sharp) => s.avif()],
  ])('%s becomes three bytes a pixel', async (_, make) => {
    const file = await make(sharp(PIXELS.data, { raw: { width: 8, height: 4, channels: 3 } })).toBuffer();
    const { width, height, data } = await decodeImage(file);
    expect([width, height, data.length]).toEqual([8, 4, 96]);
  });
});

describe('bad files are refused with a typed error', () => {
  const jpeg = sharp({
    create: {
      width: 300,
      height: 300,
      channels: 3,
      background: 'green',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .jpeg()
    .toBuffer();

  test.each([
    ['a file of no bytes', () => new Uint8Array(), 'empty'],
    ['text named .jpg', () => new TextEncoder().encode('hello, I am a text'), 'text'],
    ['a header of 30 000 × 30 000 pixels', () => hugePng(), 'too-large-side'],
    ['a JPEG that was cut in the middle', async () => (await jpeg).subarray(0, 4000), 'corrupt'],
    ['a PNG without its pixels', async () => (await encodePng(PIXELS)).subarray(0, 45), 'corrupt'],
  ])('%s', async (_, make, fault) => {
    await expect(decodeImage(await make())).rejects.toMatchObject({ name: 'ImageRefused', fault });
  });
});

/** Only a header: nobody should get as far as the pixels. */
function hugePng(): Uint8Array {
  const bytes = Buffer.alloc(64);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]).copy(
    bytes,
  );
  bytes.writeUInt32BE(30_000, 16);
  bytes.writeUInt32BE(30_000, 20);
  bytes.set([8, 2, 0, 0, 0], 24);
  return bytes;
}
