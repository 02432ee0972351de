import type { ByteReader, RawHeader } from './bytes.ts';

/** PNG (ISO 15948): the header chunk must come first. @returns null when it does not */
export function readPng(read: ByteReader): RawHeader | null {
  if (read.length < 33 || read.u32(4) !== 0x0d0a1a0a || read.text(12, 4) !== 'IHDR') return null;
  return upright(read.u32(16), read.u32(20));
}

/** GIF: the size of the logical screen. */
export function readGif(read: ByteReader): RawHeader | null {
  return read.length < 13 ? null : upright(read.u16(6, true), read.u16(8, true));
}

/** WebP (RFC 9649): extended, lossless or lossy. @returns null for another first chunk */
export function readWebp(read: ByteReader): RawHeader | null {
  if (read.length < 30) return null;
  switch (read.text(12, 4)) {
    case 'VP8X':
      return upright(1 + read.u24(24), 1 + read.u24(27));
    case 'VP8L': {
      const bits = read.u32(21, true);
      return read.u8(20) === 0x2f ? upright(1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)) : null;
    }
    case 'VP8 ':
      if (read.u24(23) !== 0x2a019d) return null;
      return upright(read.u16(26, true) & 0x3fff, read.u16(28, true) & 0x3fff);
    default:
      return null;
  }
}

function upright(width: number, height: number): RawHeader {
  return { width, height, orientation: 1 };
}
