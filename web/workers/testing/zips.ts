/** Hostile zips, made byte by byte: no library writes them. */
import { crc32 } from '#shared/archive/crc32.ts';

/** An entry as it is written, lies included. */
export interface Forged {
  readonly name: string;
  readonly data: string;
  /** Name in front of the data, where it differs from the directory's. */
  readonly localName?: string;
  readonly crc?: number;
  readonly uncompressedBytes?: number;
  /** 0 stored, 8 deflated. */
  readonly method?: number;
  readonly body?: Uint8Array;
  /** Unix mode in the upper 16 bits. */
  readonly attributes?: number;
  readonly encrypted?: boolean;
}

/** @param announced number of entries that the end record claims */
export function forgeZip(entries: readonly Forged[], announced = entries.length): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const entry of entries) {
    const local = localHeader(entry);
    parts.push(local);
    directory.push(directoryEntry(entry, offset));
    offset += local.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = record(22, [
    [0, 4, 0x06054b50],
    [8, 2, announced],
    [10, 2, announced],
    [12, 4, size],
    [16, 4, offset],
  ]);
  return new Blob([...parts, ...directory, end]);
}

/** Raw deflate of `bytes` zeros. */
export async function deflatedZeros(bytes: number): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

type Field = readonly [at: number, bytes: 2 | 4, value: number];

function localHeader(entry: Forged): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(entry.localName ?? entry.name);
  return joined(
    record(30, [[0, 4, 0x04034b50], [4, 2, 20], ...common(entry, 6), [26, 2, name.length]]),
    name,
    bodyOf(entry),
  );
}

function directoryEntry(entry: Forged, offset: number): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(entry.name);
  const head: Field[] = [
    [0, 4, 0x02014b50],
    [4, 2, entry.attributes === undefined ? 20 : 0x0314],
    [6, 2, 20],
  ];
  const tail: Field[] = [
    [28, 2, name.length],
    [38, 4, entry.attributes ?? 0],
    [42, 4, offset],
  ];
  return joined(record(46, [...head, ...common(entry, 8), ...tail]), name);
}

/** Flags, method, time, CRC and sizes stand in the same order in both headers. */
function common(entry: Forged, at: number): Field[] {
  const data = new TextEncoder().encode(entry.data);
  return [
    [at, 2, 0x800 | (entry.encrypted ? 1 : 0)],
    [at + 2, 2, entry.method ?? 0],
    [at + 8, 4, entry.crc ?? crc32(data)],
    [at + 12, 4, bodyOf(entry).length],
    [at + 16, 4, entry.uncompressedBytes ?? data.length],
  ];
}

function bodyOf(entry: Forged): Uint8Array {
  return entry.body ?? new TextEncoder().encode(entry.data);
}

function record(length: number, fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(length));
  for (const [at, bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
  return new Uint8Array(view.buffer);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => Array.from(part)));
}
