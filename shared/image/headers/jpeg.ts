import { byteReader, type ByteReader, type RawHeader } from './bytes.ts';

/**
 * Walks the segments of a JPEG (ITU T.81, annex B) to its frame header; reads the EXIF orientation on the way.
 * @returns null when there is no frame header or the segments do not fit together
 */
export function readJpeg(read: ByteReader, bytes: Uint8Array): RawHeader | null {
  let orientation = 1;
  let at = 2;
  while (at + 9 < read.length) {
    if (read.u8(at) !== 0xff) return null;
    const marker = read.u8(at + 1);
    const length = read.u16(at + 2);
    if (marker === 0xff) at += 1;
    else if (isBare(marker)) at += 2;
    else if (length < 2 || marker === 0xda || marker === 0xd9) return null;
    else if (isFrame(marker)) return { width: read.u16(at + 7), height: read.u16(at + 5), orientation };
    else {
      if (marker === 0xe1 && read.text(at + 4, 6) === 'Exif\0\0') {
        orientation = exifOrientation(bytes.subarray(at + 10, at + 2 + length));
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

/** Tag 0x0112 of the first directory of a TIFF block; 1 when absent or damaged. */
function exifOrientation(tiff: Uint8Array): number {
  const read = byteReader(tiff);
  const order = read.text(0, 2);
  if (order !== 'II' && order !== 'MM') return 1;
  const little = order === 'II';
  const directory = read.u32(4, little);
  const entries = Math.min(read.u16(directory, little), 1000);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    if (read.u16(entry, little) !== 0x0112) continue;
    const value = read.u16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
