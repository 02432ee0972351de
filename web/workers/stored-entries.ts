/** Reads back what was just written, from the first byte to the last, in bounded memory. */
import { crc32 } from '#shared/archive/crc32.ts';
import { ArchiveRefused, shown } from '#shared/archive/refused.ts';
import { release } from '../platform/release.ts';

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
/** So much is held at a time, or one entry where that is larger. */
const HELD_BYTES = 4 << 20;
/** Small reads of a file are slow, however little they bring. */
const PIECE_BYTES = 1 << 20;

/** An entry that has the checksum it was written with. */
export interface StoredContent {
  readonly name: string;
  /** Valid until the next entry is asked for. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The entries of a zip of our own making (stored, sizes in front), in order. Ends where its directory begins.
 * @throws ArchiveRefused naming the entry that differs from what was written
 */
export async function* storedEntries(archive: Blob): AsyncGenerator<StoredContent> {
  const read = windowed(archive);
  for (let at = 0; ;) {
    const header = viewOf(await read(at, LOCAL_BYTES));
    if (header.byteLength < LOCAL_BYTES || header.getUint32(0, true) !== LOCAL) return;
    const [crc, size] = [header.getUint32(14, true), header.getUint32(18, true)];
    const [named, extra] = [header.getUint16(26, true), header.getUint16(28, true)];
    const whole = await read(at + LOCAL_BYTES, named + extra + size);
    const name = new TextDecoder().decode(whole.subarray(0, named));
    const bytes = whole.subarray(named + extra);
    if (bytes.length !== size || crc32(bytes) !== crc) {
      throw new ArchiveRefused(
        'corrupt',
        `${shown(name)} did not come back from the disk as it was written.`,
      );
    }
    yield { name, bytes };
    at += LOCAL_BYTES + named + extra + size;
  }
}

type Read = (from: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;

/** Goes forward only; short at the end of the archive. Reads into one and the same memory. */
function windowed(archive: Blob): Read {
  let held = new Uint8Array(HELD_BYTES);
  let [start, filled] = [0, 0];
  return async (from, length) => {
    if (from + length > start + held.length) {
      const rest = held.subarray(from - start, filled);
      if (length > held.length) held = new Uint8Array(length);
      held.set(rest);
      [start, filled] = [from, rest.length];
    }
    while (start + filled < from + length) {
      const at = start + filled;
      const most = Math.min(PIECE_BYTES, held.length - filled);
      const piece = await archive.slice(at, at + most).arrayBuffer();
      if (piece.byteLength === 0) break;
      held.set(new Uint8Array(piece), filled);
      filled += piece.byteLength;
      release(piece);
    }
    return held.subarray(from - start, Math.min(filled, from - start + length));
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
