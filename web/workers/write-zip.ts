/** Writes zips of any size in bounded memory. */
import { crc32 } from '#shared/archive/crc32.ts';
import { centralHeader, endRecords, localHeader } from '#shared/archive/zip-records.ts';

/** An entry of a zip that is being written; stored as it is, for pictures do not shrink any more. */
export interface OutgoingEntry {
  /** Safe relative path with `/`. */
  readonly name: string;
  readonly content: Uint8Array | ArrayBuffer | string;
}

/** Takes bytes; they may be overwritten as soon as it resolves. */
export type WriteBytes = (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;

/** Many small writes are what makes files slow. */
const WRITE_BYTES = 4 << 20;

/**
 * Writes entries one after the other, in zip64 where their number or size needs it. Holds one entry, a buffer of a
 * few megabytes and the directory.
 * @throws whatever the entries or `write` throw
 */
export async function writeZip(
  entries: AsyncIterable<OutgoingEntry> | Iterable<OutgoingEntry>,
  write: WriteBytes,
): Promise<void> {
  const out = buffered(write);
  const directory: Uint8Array[] = [];
  for await (const { name: path, content } of entries) {
    const name = encode(path);
    const data = bytesOf(content);
    const entry = { name, crc: crc32(data), bytes: data.length, offset: out.written() };
    await out.write(localHeader(entry));
    await out.write(data);
    directory.push(centralHeader(entry));
  }
  const at = out.written();
  for (const line of directory) await out.write(line);
  await out.write(endRecords(directory.length, at, out.written() - at));
  await out.flush();
}

interface Buffered {
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly flush: () => Promise<void>;
  /** Bytes taken so far. */
  readonly written: () => number;
}

function buffered(write: WriteBytes): Buffered {
  const buffer = new Uint8Array(WRITE_BYTES);
  let filled = 0;
  let written = 0;
  const flush = async (): Promise<void> => {
    if (filled > 0) await write(buffer.subarray(0, filled));
    filled = 0;
  };
  return {
    flush,
    written: () => written,
    write: async (bytes) => {
      written += bytes.length;
      for (let from = 0; from < bytes.length;) {
        const piece = bytes.subarray(from, from + buffer.length - filled);
        buffer.set(piece, filled);
        from += piece.length;
        filled += piece.length;
        if (filled === buffer.length) await flush();
      }
    },
  };
}

function bytesOf(content: OutgoingEntry['content']): Uint8Array {
  if (typeof content === 'string') return encode(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
