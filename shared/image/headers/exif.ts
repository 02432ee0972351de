import { byteReader, type ByteReader } from './bytes.ts';

/** Directories of damaged files may claim any number of entries. */
const MOST_ENTRIES = 1000;

const ORIENTATION = 0x0112;
const EXIF_DIRECTORY = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;

/** A TIFF block, as EXIF (CIPA DC-008) keeps it inside a JPEG. */
interface Tiff {
  readonly read: ByteReader;
  readonly little: boolean;
  readonly directory: number;
}

function openTiff(bytes: Uint8Array): Tiff | null {
  const read = byteReader(bytes);
  const order = read.text(0, 2);
  if (order !== 'II' && order !== 'MM') return null;
  const little = order === 'II';
  return { read, little, directory: read.u32(4, little) };
}

/** Where the entry of a tag begins; null where the directory has none. */
function entryOf({ read, little }: Tiff, directory: number, tag: number): number | null {
  const entries = Math.min(read.u16(directory, little), MOST_ENTRIES);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    if (read.u16(entry, little) === tag) return entry;
  }
  return null;
}

/** 1 … 8; 1 when absent or damaged. */
export function exifOrientation(bytes: Uint8Array): number {
  const tiff = openTiff(bytes);
  const entry = tiff && entryOf(tiff, tiff.directory, ORIENTATION);
  if (!tiff || entry === null) return 1;
  const value = tiff.read.u16(entry + 8, tiff.little);
  return value >= 1 && value <= 8 ? value : 1;
}

/** When the picture was taken by the camera's own clock, as `2026-05-01T10:00:00`; null when absent or damaged. */
export function exifTaken(bytes: Uint8Array): string | null {
  const tiff = openTiff(bytes);
  const pointer = tiff && entryOf(tiff, tiff.directory, EXIF_DIRECTORY);
  if (!tiff || pointer === null) return null;
  const { read, little } = tiff;
  const entry = entryOf(tiff, read.u32(pointer + 8, little), DATE_TIME_ORIGINAL);
  if (entry === null) return null;
  const found = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(read.text(read.u32(entry + 8, little), 19));
  if (!found) return null;
  const [, year, month, day, time] = found;
  const text = `${String(year)}-${String(month)}-${String(day)}T${String(time)}`;
  // Cameras whose clock was never set write zeros.
  return Number.isNaN(Date.parse(`${text}Z`)) ? null : text;
}
