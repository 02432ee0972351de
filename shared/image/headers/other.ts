import type { ByteReader } from './bytes.ts';

/** Files that people mistake for photos, by their first bytes (as Latin-1), with words that people know. */
const OTHERS: readonly (readonly [start: string, kind: 'video' | 'unknown', what: string])[] = [
  ['\x1a\x45\xdf\xa3', 'video', 'a video (WebM or Matroska)'],
  ['\0\0\x01\xba', 'video', 'a video (MPEG)'],
  ['\0\0\x01\xb3', 'video', 'a video (MPEG)'],
  ['FLV', 'video', 'a video (Flash)'],
  ['II*\0', 'unknown', 'a TIFF or camera raw file'],
  ['MM\0*', 'unknown', 'a TIFF or camera raw file'],
  ['BM', 'unknown', 'a bitmap (BMP)'],
  ['8BPS', 'unknown', 'a Photoshop document'],
  ['%PDF', 'unknown', 'a PDF document'],
  ['PK\x03\x04', 'unknown', 'a zip archive or an office document'],
  ['\xff\x0a', 'unknown', 'a JPEG XL picture'],
  ['\0\0\0\x0cJXL ', 'unknown', 'a JPEG XL picture'],
  ['\0\0\0\x0cjP', 'unknown', 'a JPEG 2000 picture'],
];

/** What else the file is, if it can be told. */
export function otherKind(
  read: ByteReader,
): { readonly kind: 'video' | 'unknown'; readonly what: string } | null {
  if (read.text(0, 4) === 'RIFF' && read.text(8, 4) === 'AVI ') {
    return { kind: 'video', what: 'a video (AVI)' };
  }
  const start = read.text(0, 12);
  const found = OTHERS.find(([magic]) => start.startsWith(magic));
  return found ? { kind: found[1], what: found[2] } : null;
}

/** Whether the first bytes are text: markup (HTML, SVG), or anything without control characters. */
export function isText(read: ByteReader): boolean {
  const start = read.text(0, 512).replace(/^\xef\xbb\xbf/, '');
  if (/^\s*</.test(start) || /^(\xff\xfe|\xfe\xff)/.test(start)) return true;
  // eslint-disable-next-line no-control-regex -- control characters are what tells binary from text
  return !/[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(start);
}
