import { readJpeg } from './sniff-jpeg.ts';

/** Limits decided from the header, before any decoder sees the file. */
export const IMAGE_LIMITS = { bytes: 60 * 2 ** 20, side: 20_000, pixels: 100e6 } as const;

export type ImageType = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif';

/** What the first bytes of a file say about the picture in it. */
export interface ImageHeader {
  readonly type: ImageType;
  /** Stored size in pixels, before orientation. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation 1 … 8 (JPEG; 1 elsewhere). 5 … 8 swap width and height. */
  readonly orientation: number;
}

export type ImageFault =
  'empty' | 'not-an-image' | 'markup' | 'heic' | 'video' | 'corrupt' | 'too-many-bytes' | 'too-many-pixels';

/** A file is not a picture that Menagerie takes. The message is for people and leaves the file's name to the caller. */
export class ImageRefused extends Error {
  override readonly name = 'ImageRefused';
  readonly fault: ImageFault;
  constructor(fault: ImageFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/**
 * Decides from the first bytes whether a file may be decoded. Never trusts its name.
 * @throws ImageRefused
 */
export function admitImage(bytes: Uint8Array): ImageHeader {
  if (bytes.length === 0) throw new ImageRefused('empty', 'The file is empty (0 bytes).');
  if (bytes.length > IMAGE_LIMITS.bytes) {
    const size = Math.ceil(bytes.length / 2 ** 20);
    throw new ImageRefused(
      'too-many-bytes',
      `The file has ${size} MB; at most ${IMAGE_LIMITS.bytes / 2 ** 20} MB are taken.`,
    );
  }
  const header = readHeader(bytes);
  const { width, height } = header;
  if (width < 1 || height < 1) throw corrupt('it says it has no pixels');
  if (width > IMAGE_LIMITS.side || height > IMAGE_LIMITS.side || width * height > IMAGE_LIMITS.pixels) {
    throw new ImageRefused(
      'too-many-pixels',
      `The picture says it has ${width} × ${height} pixels; at most ${IMAGE_LIMITS.pixels / 1e6} megapixels are taken.`,
    );
  }
  return header;
}

/** Size of the picture when it stands upright. */
export function uprightSize(header: ImageHeader): { width: number; height: number } {
  const { width, height } = header;
  return header.orientation >= 5 ? { width: height, height: width } : { width, height };
}

function readHeader(bytes: Uint8Array): ImageHeader {
  const text = (from: number, length: number): string =>
    String.fromCharCode(...bytes.subarray(from, from + length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg(bytes);
  if (text(1, 3) === 'PNG' && bytes[0] === 0x89) return png(view, text);
  if (text(0, 4) === 'GIF8') return gif(view);
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') return webp(bytes, view, text(12, 4));
  if (text(4, 4) === 'ftyp') return isoMedia(view, text);
  const start = text(0, Math.min(bytes.length, 256)).trimStart();
  if (start.startsWith('<')) {
    throw new ImageRefused('markup', 'The file holds markup (SVG or HTML), not a photo.');
  }
  throw new ImageRefused(
    'not-an-image',
    'The file is not a picture in a known format (JPEG, PNG, WebP, GIF, AVIF).',
  );
}

function jpeg(bytes: Uint8Array): ImageHeader {
  const found = readJpeg(bytes);
  if (!found) throw corrupt('the JPEG header ends too early');
  return { type: 'jpeg', ...found };
}

function png(view: DataView, text: (from: number, length: number) => string): ImageHeader {
  if (view.byteLength < 24 || text(12, 4) !== 'IHDR') throw corrupt('the PNG header ends too early');
  return { type: 'png', width: view.getUint32(16), height: view.getUint32(20), orientation: 1 };
}

function gif(view: DataView): ImageHeader {
  if (view.byteLength < 10) throw corrupt('the GIF header ends too early');
  return { type: 'gif', width: view.getUint16(6, true), height: view.getUint16(8, true), orientation: 1 };
}

function webp(bytes: Uint8Array, view: DataView, chunk: string): ImageHeader {
  if (bytes.length < 30) throw corrupt('the WebP header ends too early');
  const size = (width: number, height: number): ImageHeader => ({
    type: 'webp',
    width,
    height,
    orientation: 1,
  });
  const uint24 = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (chunk === 'VP8X') return size(uint24(24) + 1, uint24(27) + 1);
  if (chunk === 'VP8 ') return size(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  if (chunk !== 'VP8L') throw corrupt('an unknown kind of WebP');
  const bits = view.getUint32(21, true);
  return size((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}

function isoMedia(view: DataView, text: (from: number, length: number) => string): ImageHeader {
  const brand = text(8, 4);
  if (/^(hei[cxms]|hevc|mif1|msf1)$/.test(brand)) {
    throw new ImageRefused(
      'heic',
      'HEIC photos cannot be opened here yet. Save the photo as JPEG and add it again.',
    );
  }
  if (!/^avi[fs]$/.test(brand))
    throw new ImageRefused('video', 'The file is a video or another kind of media, not a photo.');
  const at = text(0, Math.min(view.byteLength, 4096)).indexOf('ispe');
  if (at < 0 || at + 16 > view.byteLength) throw corrupt('the AVIF header has no size');
  return { type: 'avif', width: view.getUint32(at + 8), height: view.getUint32(at + 12), orientation: 1 };
}

function corrupt(detail: string): ImageRefused {
  return new ImageRefused('corrupt', `The picture is damaged: ${detail}.`);
}
