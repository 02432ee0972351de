import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import { admitImage, IMAGE_LIMITS, ImageRefused, uprightSize, type ImageFault } from './sniff.ts';
import { noise, noiseBytes } from './testing/synthetic.ts';

fc.configureGlobal({ seed: 20_260_102 });

const SIZE = { width: 45, height: 31 };
const picture = sharp(noise(SIZE.width, SIZE.height).data, { raw: { ...SIZE, channels: 3 } });

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

function joined(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((p) => (typeof p === 'string' ? [...ascii(p)] : [...p])));
}

function be32(n: number): number[] {
  return [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
}

/** The beginning of a PNG of any claimed size. */
function png(width: number, height: number): Uint8Array {
  const head = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10];
  return joined(head, be32(13), 'IHDR', be32(width), be32(height), [8, 2, 0, 0, 0], be32(0));
}

/** An `ftyp` box with its brands, as at the start of HEIC, AVIF and videos. */
function ftyp(major: string, ...compatible: string[]): Uint8Array {
  return joined(be32(16 + compatible.length * 4), 'ftyp', major, be32(0), ...compatible, be32(0), be32(0));
}

function faultOf(bytes: Uint8Array, fileBytes?: number): ImageFault | null {
  try {
    admitImage(bytes, fileBytes);
    return null;
  } catch (cause) {
    if (cause instanceof ImageRefused) return cause.fault;
    throw cause;
  }
}

describe('pictures are let in with their type and size', () => {
  test.each([
    ['jpeg', picture.clone().jpeg()],
    ['jpeg', picture.clone().jpeg({ progressive: true })],
    ['jpeg', picture.clone().grayscale().jpeg()],
    ['png', picture.clone().png()],
    ['png', picture.clone().png({ palette: true })],
    ['webp', picture.clone().webp()],
    ['webp', picture.clone().webp({ lossless: true })],
    ['webp', picture.clone().ensureAlpha(0.5).webp()],
    ['gif', picture.clone().gif()],
    ['avif', picture.clone().avif()],
  ] as const)('%s', async (type, encoded) => {
    const bytes = new Uint8Array(await encoded.toBuffer());
    expect(admitImage(bytes)).toEqual({ type, ...SIZE, orientation: 1 });
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('JPEG with EXIF orientation %d', async (orientation) => {
    const bytes = new Uint8Array(await picture.clone().withMetadata({ orientation }).jpeg().toBuffer());
    const header = admitImage(bytes);
    expect(header).toEqual({ type: 'jpeg', ...SIZE, orientation });
    const upright = await sharp(bytes).autoOrient().toBuffer({ resolveWithObject: true });
    expect(uprightSize(header)).toEqual({ width: upright.info.width, height: upright.info.height });
  });

  test('the first bytes are enough', async () => {
    const bytes = new Uint8Array(await picture.clone().jpeg().toBuffer());
    expect(admitImage(bytes.subarray(0, 400), bytes.length)).toMatchObject(SIZE);
  });

  test('a picture of 64 megapixels, as phones make them', () => {
    expect(admitImage(png(9248, 6936))).toMatchObject({ width: 9248, height: 6936 });
  });
});

describe('everything else is refused with a named fault', () => {
  test.each<[string, ImageFault, Uint8Array]>([
    ['a 0-byte file', 'empty', new Uint8Array(0)],
    ['a text file named .jpg', 'text', ascii('Dear keeper,\nthe photos follow.\n')],
    ['two letters', 'text', ascii('hi')],
    ['text in UTF-8', 'text', joined([0xef, 0xbb, 0xbf], 'Gr', [0xc3, 0xbc], 'ezi')],
    ['text in UTF-16', 'text', joined([0xff, 0xfe], 'h\0i\0')],
    ['a drawing (SVG)', 'text', ascii('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a web page', 'text', ascii('  <!doctype html><script>alert(1)</script>')],
    ['HEIC', 'heic', ftyp('heic', 'mif1', 'heic')],
    ['HEIC with the generic brand', 'heic', ftyp('mif1', 'heic', 'mif1')],
    ['MP4', 'video', ftyp('isom', 'avc1')],
    ['QuickTime', 'video', ftyp('qt  ')],
    ['WebM', 'video', joined([0x1a, 0x45, 0xdf, 0xa3], '\x93B\x82webm')],
    ['AVI', 'video', joined('RIFF', be32(9), 'AVI LIST', be32(0))],
    ['a PNG of 30 000 × 30 000', 'too-large-side', png(30_000, 30_000)],
    ['a PNG of 4 294 967 295 × 1', 'too-large-side', png(2 ** 32 - 1, 1)],
    ['a PNG of 20 000 × 20 000', 'too-many-pixels', png(20_000, 20_000)],
    ['a PNG of 0 × 5', 'corrupt', png(0, 5)],
    ['a PNG cut in its header', 'corrupt', png(10, 10).subarray(0, 20)],
    ['a JPEG cut in its header', 'corrupt', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a)],
    [
      'a JPEG with broken segments',
      'corrupt',
      joined([0xff, 0xd8, 0xff, 0xe0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8]),
    ],
    ['an AVIF without a size', 'corrupt', ftyp('avif', 'mif1')],
    ['a WebP cut in its header', 'corrupt', joined('RIFF', be32(9), 'WEBPVP8 ')],
    ['a TIFF', 'unknown', joined('II*\0', be32(8), be32(0))],
    ['a PDF', 'unknown', ascii('%PDF-1.7 1 0 obj')],
    ['random bytes', 'unknown', joined([0, 1, 2, 3], [...noiseBytes(500, 9)])],
  ])('%s: %s', (_, fault, bytes) => {
    expect(faultOf(bytes)).toBe(fault);
  });

  test('a file beyond the limit of bytes', () => {
    expect(faultOf(png(5, 5), IMAGE_LIMITS.bytes + 1)).toBe('too-many-bytes');
    expect(faultOf(png(5, 5), IMAGE_LIMITS.bytes)).toBe(null);
  });

  test('the message is a sentence with the numbers that matter', () => {
    expect(() => admitImage(png(30_000, 30_000))).toThrow(/30000 × 30000 pixels; at most 20000 a side/);
    expect(() => admitImage(new Uint8Array(0))).toThrow('The file is empty.');
  });
});

describe('no bytes can do harm', () => {
  const starts = [
    png(20, 20),
    joined([0xff, 0xd8, 0xff, 0xe1, 0, 40], 'Exif\0\0MM\0*'),
    joined('RIFF', be32(9), 'WEBPVP8X'),
    joined('RIFF', be32(9), 'WEBPVP8L'),
    ascii('GIF89a'),
    ftyp('avif'),
    joined([...ftyp('avif')], 'ispe'),
    new Uint8Array(0),
  ];

  test('any bytes give a header within the limits or a typed refusal', () => {
    const tail = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(fc.constantFrom(...starts), tail, (start, rest) => {
        const bytes = Uint8Array.of(...start, ...rest);
        if (faultOf(bytes) !== null) return;
        const { width, height, orientation } = admitImage(bytes);
        expect(width * height).toBeLessThanOrEqual(IMAGE_LIMITS.pixels);
        expect(Math.min(width, height)).toBeGreaterThan(0);
        expect(Math.max(width, height)).toBeLessThanOrEqual(IMAGE_LIMITS.side);
        expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(orientation);
      }),
      { numRuns: 2000 },
    );
  });

  test('a real JPEG cut anywhere or with a flipped byte never throws anything else', async () => {
    const whole = new Uint8Array(await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer());
    for (let cut = 0; cut < Math.min(whole.length, 700); cut++) {
      faultOf(whole.subarray(0, cut));
      const flipped = whole.slice();
      flipped[cut] = (flipped[cut] ?? 0) ^ 0xff;
      faultOf(flipped);
    }
    expect(faultOf(whole)).toBe(null);
  });
});

describe('when a picture was taken (P2-23)', () => {
  const exif = (date: string, little = true): Buffer => {
    const tiff = Buffer.alloc(80);
    const u16 = (value: number, at: number): number =>
      little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
    const u32 = (value: number, at: number): number =>
      little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
    tiff.write(little ? 'II' : 'MM', 0, 'latin1');
    u32(8, 4);
    u16(1, 8);
    u16(0x8769, 10);
    u32(30, 18);
    u16(1, 30);
    u16(0x9003, 32);
    u32(50, 40);
    tiff.write(date, 50, 'latin1');
    const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
    const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 30, 0, 40, 1, 1, 0x11, 0, 0xff, 0xd9]);
    const length = Buffer.from([0xff, 0xe1, 0, body.length + 2]);
    return Buffer.concat([Buffer.from([0xff, 0xd8]), length, body, frame]);
  };

  test.each([true, false])('is read from EXIF, little-endian: %s', (little) => {
    expect(admitImage(exif('2026:05:01 10:20:30', little)).taken).toBe('2026-05-01T10:20:30');
  });

  test.each(['0000:00:00 00:00:00', '2026:13:45 99:00:00', 'yesterday', ''])(
    'is not known from “%s”',
    (date) => {
      expect(admitImage(exif(date)).taken).toBeUndefined();
    },
  );
});
