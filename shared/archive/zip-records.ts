/** The records of a zip whose entries are stored as they are, in zip64 where plain zip cannot count so far. */

/** What the directory says of one entry. */
export interface StoredEntry {
  /** Path as UTF-8. */
  readonly name: Uint8Array;
  /** CRC-32 of the content. */
  readonly crc: number;
  /** Size of the content in bytes, below 4 GiB. */
  readonly bytes: number;
  /** Where its local header begins, in bytes from the start of the zip. */
  readonly offset: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
/** Versions of the format that a reader must know: 2.0, and 4.5 for zip64. */
const PLAIN = 20;
const ZIP_64 = 45;
/** Names are UTF-8. */
const FLAGS = 0x800;
/** 1 January 1980, the first day that zip knows: the same entries give the same zip. */
const DAY = 0x21;
const MOST_16 = 0xffff;
const MOST_32 = 0xffffffff;

/** In front of an entry's content. */
export function localHeader({ name, crc, bytes }: Omit<StoredEntry, 'offset'>): Uint8Array<ArrayBuffer> {
  return joined(record(30, [[0, 4, LOCAL], [4, 2, PLAIN], ...common(6, crc, bytes, name)]), name);
}

/** One line of the directory. */
export function centralHeader({ name, crc, bytes, offset }: StoredEntry): Uint8Array<ArrayBuffer> {
  const far = offset >= MOST_32;
  const extra = far
    ? [
        record(12, [
          [0, 2, 1],
          [2, 2, 8],
          [4, 8, offset],
        ]),
      ]
    : [];
  return joined(
    record(46, [
      [0, 4, CENTRAL],
      [4, 2, far ? ZIP_64 : PLAIN],
      [6, 2, far ? ZIP_64 : PLAIN],
      ...common(8, crc, bytes, name),
      [30, 2, far ? 12 : 0],
      [42, 4, Math.min(offset, MOST_32)],
    ]),
    name,
    ...extra,
  );
}

/** Behind the directory; `at` is where that begins and `bytes` its length. */
export function endRecords(count: number, at: number, bytes: number): Uint8Array<ArrayBuffer> {
  const end = record(22, [
    [0, 4, END],
    [8, 2, Math.min(count, MOST_16)],
    [10, 2, Math.min(count, MOST_16)],
    [12, 4, Math.min(bytes, MOST_32)],
    [16, 4, Math.min(at, MOST_32)],
  ]);
  if (count < MOST_16 && at < MOST_32 && bytes < MOST_32) return end;
  const end64 = record(56, [
    [0, 4, END_64],
    [4, 8, 44],
    [12, 2, ZIP_64],
    [14, 2, ZIP_64],
    [24, 8, count],
    [32, 8, count],
    [40, 8, bytes],
    [48, 8, at],
  ]);
  const locator = record(20, [
    [0, 4, LOCATOR_64],
    [8, 8, at + bytes],
    [16, 4, 1],
  ]);
  return joined(end64, locator, end);
}

type Field = readonly [at: number, bytes: 2 | 4 | 8, value: number];

/** Flags, method, time, CRC, sizes and the name's length stand in the same order in both headers. */
function common(at: number, crc: number, bytes: number, name: Uint8Array): Field[] {
  return [
    [at, 2, FLAGS],
    [at + 6, 2, DAY],
    [at + 8, 4, crc],
    [at + 12, 4, bytes],
    [at + 16, 4, bytes],
    [at + 20, 2, name.length],
  ];
}

function record(length: number, fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(length));
  for (const [at, bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
  }
  return new Uint8Array(view.buffer);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
