import type { ByteReader, RawHeader } from './bytes.ts';

/** Kinds of file that begin with an `ftyp` box (ISO 14496-12). */
export type BoxedKind = 'avif' | 'heic' | 'video';

/** The size property of an AVIF lies near the start, in its `meta` box. */
const SEARCH = 64 * 1024;

/** Tells AVIF, HEIC and video apart by the major brand and, where that is generic, by the compatible ones. */
export function boxedKind(read: ByteReader): BoxedKind {
  const brands = [read.text(8, 4)];
  const end = Math.min(read.u32(0), read.length, 256);
  for (let at = 16; at + 4 <= end; at += 4) brands.push(read.text(at, 4));
  const [major = ''] = brands;
  if (/^avi[fs]$/.test(major)) return 'avif';
  if (/^he(ic|ix|im|is|vc|vx|vm|vs)$/.test(major)) return 'heic';
  if (!/^m(if|sf)1$/.test(major)) return 'video';
  return brands.some((b) => /^avi[fs]$/.test(b)) ? 'avif' : 'heic';
}

/** Largest of the sizes that an AVIF declares (a grid of tiles also declares its tiles). @returns null for none */
export function readAvif(read: ByteReader): RawHeader | null {
  let largest: RawHeader | null = null;
  const end = Math.min(read.length, SEARCH) - 16;
  for (let at = 16; at <= end; at++) {
    // 'ispe', then version and flags, width, height.
    if (read.u8(at) !== 0x69 || read.u32(at) !== 0x69737065) continue;
    const found = { width: read.u32(at + 8), height: read.u32(at + 12), orientation: 1 };
    if (!largest || found.width * found.height > largest.width * largest.height) largest = found;
  }
  return largest;
}
