import { type FileHandle, open } from 'node:fs/promises';

import { crc32 } from '#shared/archive/crc32.ts';

const HASH_BYTES = 32;
const CRC_BYTES = 4;

/**
 * What a frozen network made of photos, on disk, by the hash of their pixels. Records of one size are appended, each
 * with a checksum: after a kill everything but a torn last record is found again. Memory holds an index only.
 */
export interface FeatureCache {
  readonly has: (pixels: string) => boolean;
  /** Vectors of some photos, one behind the other. @throws Error for a photo that is not in it */
  readonly read: (pixels: readonly string[]) => Promise<Float32Array>;
  readonly add: (pixels: readonly string[], values: Float32Array) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens or creates a cache. What is damaged is left aside and made again.
 * @param path its name must tell the network: features of another one would be silently wrong
 * @param dims numbers in a vector
 */
export async function openFeatureCache(path: string, dims: number): Promise<FeatureCache> {
  const size = HASH_BYTES + dims * 4 + CRC_BYTES;
  const file = await open(path, 'a+');
  const end = (await file.stat()).size;
  const whole = end - (end % size);
  if (whole < end) await file.truncate(whole);
  const places = await readIndex(file, whole, size);
  let next = whole;
  return {
    has: (pixels) => places.has(pixels),
    read: async (wanted) => {
      const values = new Float32Array(wanted.length * dims);
      const bytes = new Uint8Array(values.buffer);
      for (const [i, pixels] of wanted.entries()) {
        const at = places.get(pixels);
        if (at === undefined) throw new Error(`no features of the pixels ${pixels}`);
        await file.read(bytes, i * dims * 4, dims * 4, at + HASH_BYTES);
      }
      return values;
    },
    add: async (pixels, values) => {
      const records = pixels.map((p, i) => encodeRecord(p, values.subarray(i * dims, (i + 1) * dims), size));
      await file.appendFile(Buffer.concat(records));
      for (const p of pixels) {
        places.set(p, next);
        next += size;
      }
    },
    close: () => file.close(),
  };
}

/** Places of the whole records, by the pixels they were made of. */
async function readIndex(file: FileHandle, bytes: number, size: number): Promise<Map<string, number>> {
  const places = new Map<string, number>();
  const record = new Uint8Array(size);
  for (let at = 0; at < bytes; at += size) {
    await file.read(record, 0, size, at);
    if (crcOf(record) !== storedCrc(record)) continue;
    places.set(Buffer.from(record.subarray(0, HASH_BYTES)).toString('hex'), at);
  }
  return places;
}

function encodeRecord(pixels: string, values: Float32Array, size: number): Uint8Array {
  const record = new Uint8Array(size);
  record.set(Buffer.from(pixels, 'hex'));
  record.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), HASH_BYTES);
  new DataView(record.buffer).setUint32(size - CRC_BYTES, crcOf(record), true);
  return record;
}

function crcOf(record: Uint8Array): number {
  return crc32(record.subarray(0, record.length - CRC_BYTES)) >>> 0;
}

function storedCrc(record: Uint8Array): number {
  return new DataView(record.buffer, record.byteOffset).getUint32(record.length - CRC_BYTES, true);
}
