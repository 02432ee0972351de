import sharp from 'sharp';

import { fromRgba, makePixels, type Pixels } from '#shared/image/pixels.ts';
import { admitImage, IMAGE_LIMITS, ImageRefused } from '#shared/image/sniff.ts';

/** Our batches decode side by side already; libvips' own cache would only keep photos that are seen once. */
sharp.cache(false);

/**
 * Decodes a photo to upright sRGB pixels; transparency is laid over black.
 * Damage that the decoder repairs by guessing (a cut file) is refused, harmless oddities of cameras are not.
 * @throws ImageRefused
 */
export async function decodeImage(bytes: Uint8Array): Promise<Pixels> {
  const { type } = admitImage(bytes);
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: IMAGE_LIMITS.pixels })
      .autoOrient()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    // A Buffer's own `slice` shares memory where an array's copies: what leaves here is a plain array.
    const plain = new Uint8Array(data.buffer, data.byteOffset, data.length);
    const { width, height, channels } = info;
    return channels === 4 ? fromRgba(width, height, plain) : makePixels(width, height, plain);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new ImageRefused('corrupt', `The picture is damaged (${type.toUpperCase()}: ${why}).`);
  }
}

/** Packs pixels as PNG without loss. */
export async function encodePng(pixels: Pixels): Promise<Uint8Array> {
  const { width, height, data } = pixels;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}

/**
 * A small WebP of a photo for a report.
 * @param edge longest side in pixels
 * @throws ImageRefused
 */
export async function thumbnail(bytes: Uint8Array, edge: number): Promise<Uint8Array> {
  const { width, height, data } = await decodeImage(bytes);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(edge, edge, { fit: 'inside' })
    .webp({ quality: 70 })
    .toBuffer();
}
