import { appendFile, readFile, truncate } from 'node:fs/promises';

import { crc32 } from '#shared/archive/crc32.ts';

const HASH_BYTES = 32;
const CRC_BYTES = 4;

/**
 * Feature vectors on disk, by the hash of the pixels they were made of. Records of one size are appended, each with a
 * checksum: after a kill everything but a torn last record is found again.
 */
export interface FeatureCache {
  readonly get: (pixels: string) => Float32Array | undefined;
  readonly add: (
    features: readonly { readonly pixels: string; readonly values: Float32Array }[],
  ) => Promise<void>;
}

/**
 * Opens or creates a cache. What is damaged is dropped and made again.
 * @param file its name must tell the network: features of another one would be silently wrong
 * @param dims numbers in a vector
 */
export async function openFeatureCache(file: string, dims: number): Promise<FeatureCache> {
  const size = HASH_BYTES + dims * 4 + CRC_BYTES;
  const known = new Map<string, Float32Array>();
  const bytes = new Uint8Array(await readFile(file).catch(() => new Uint8Array()));
  const whole = bytes.length - (bytes.length % size);
  if (whole < bytes.length) await truncate(file, whole);
  for (let at = 0; at < whole; at += size) {
    const record = bytes.subarray(at, at + size);
    if (crcOf(record) !== storedCrc(record)) continue;
    const pixels = Buffer.from(record.subarray(0, HASH_BYTES)).toString('hex');
    known.set(pixels, new Float32Array(record.slice(HASH_BYTES, size - CRC_BYTES).buffer));
  }
  return {
    get: (pixels) => known.get(pixels),
    add: async (features) => {
      const records = features.map(({ pixels, values }) => encodeRecord(pixels, values, size));
      await appendFile(file, Buffer.concat(records));
      for (const { pixels, values } of features) known.set(pixels, values);
    },
  };
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
