/** What the first bytes of an image say. */
export interface RawHeader {
  /** Pixels as stored, before the orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation 1 … 8; 1 = upright. */
  readonly orientation: number;
  /** When it was taken by the camera's own clock, `2026-05-01T10:00:00`; where the file says so. */
  readonly taken?: string;
}

/** Reads whole numbers and letters; past the end everything is zero, so that a cut file cannot throw. */
export interface ByteReader {
  readonly length: number;
  readonly u8: (at: number) => number;
  readonly u16: (at: number, littleEndian?: boolean) => number;
  readonly u24: (at: number) => number;
  readonly u32: (at: number, littleEndian?: boolean) => number;
  /** `count` bytes as Latin-1 text. */
  readonly text: (at: number, count: number) => string;
}

export function byteReader(bytes: Uint8Array): ByteReader {
  const u8 = (at: number): number => bytes[at] ?? 0;
  const u16 = (at: number, little = false): number =>
    little ? u8(at) + u8(at + 1) * 256 : u8(at) * 256 + u8(at + 1);
  return {
    length: bytes.length,
    u8,
    u16,
    u24: (at) => u16(at, true) + u8(at + 2) * 65536,
    u32: (at, little = false) =>
      little ? u16(at, true) + u16(at + 2, true) * 65536 : u16(at) * 65536 + u16(at + 2),
    text: (at, count) => String.fromCharCode(...bytes.subarray(at, at + count)),
  };
}
