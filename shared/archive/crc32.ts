const TABLES = 8;

/** `TABLE[k * 256 + b]`: what byte `b` does to the checksum from `k` bytes further on (slicing by 8, Kounavis 2005). */
const TABLE = makeTable();

function makeTable(): Int32Array {
  const table = new Int32Array(TABLES * 256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    table[n] = c;
  }
  for (let i = 256; i < table.length; i++) {
    const before = table[i - 256] as number;
    table[i] = (before >>> 8) ^ (table[before & 255] as number);
  }
  return table;
}

/**
 * CRC-32 as in zip and PNG (polynomial 0xEDB88320).
 * @param previous the checksum of the bytes before these, to go on in pieces
 * @returns unsigned 32-bit number
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  const at = (i: number): number => bytes[i] as number;
  const step = (k: number, b: number): number => TABLE[k * 256 + (b & 255)] as number;
  let crc = ~previous;
  let i = 0;
  for (const end = bytes.length - 7; i < end; i += 8) {
    const a = crc ^ (at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24));
    crc =
      step(7, a) ^
      step(6, a >>> 8) ^
      step(5, a >>> 16) ^
      step(4, a >>> 24) ^
      step(3, at(i + 4)) ^
      step(2, at(i + 5)) ^
      step(1, at(i + 6)) ^
      step(0, at(i + 7));
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ step(0, crc ^ at(i));
  return ~crc >>> 0;
}
