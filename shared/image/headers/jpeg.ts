import type { ByteReader, RawHeader } from './bytes.ts';
import { exifOrientation, exifTaken } from './exif.ts';

/**
 * Walks the segments of a JPEG (ITU T.81, annex B) to its frame header; reads EXIF orientation and date on the way.
 * @returns null when there is no frame header or the segments do not fit together
 */
export function readJpeg(read: ByteReader, bytes: Uint8Array): RawHeader | null {
  let orientation = 1;
  let taken: string | null = null;
  let at = 2;
  while (at + 9 < read.length) {
    if (read.u8(at) !== 0xff) return null;
    const marker = read.u8(at + 1);
    const length = read.u16(at + 2);
    if (marker === 0xff) at += 1;
    else if (isBare(marker)) at += 2;
    else if (length < 2 || marker === 0xda || marker === 0xd9) return null;
    else if (isFrame(marker)) {
      const size = { width: read.u16(at + 7), height: read.u16(at + 5) };
      return { ...size, orientation, ...(taken !== null && { taken }) };
    } else {
      if (marker === 0xe1 && read.text(at + 4, 6) === 'Exif\0\0') {
        const exif = bytes.subarray(at + 10, at + 2 + length);
        orientation = exifOrientation(exif);
        taken = exifTaken(exif);
      }
      at += 2 + length;
    }
  }
  return null;
}

/** Restart markers, start of image and TEM stand alone, without a length. */
function isBare(marker: number): boolean {
  return (marker >= 0xd0 && marker <= 0xd8) || marker === 0x01;
}

/** Start of frame: C0 … CF but for the tables C4 (Huffman), C8 (reserved) and CC (arithmetic). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
