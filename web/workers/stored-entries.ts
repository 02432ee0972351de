/** Reads back what was just written, from the first byte to the last, in bounded memory. */
import { crc32 } from '#shared/archive/crc32.ts';
import { ArchiveRefused, shown } from '#shared/archive/refused.ts';

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
/** Small reads of a Blob are slow, however little they bring. */
const READ_BYTES = 8 << 20;

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

/** Short at the end of the archive. */
function windowed(archive: Blob): Read {
  let start = 0;
  let held = new Uint8Array();
  return async (from, length) => {
    if (from < start || from + length > start + held.length) {
      const end = from + Math.max(length, READ_BYTES);
      held = new Uint8Array(await archive.slice(from, end).arrayBuffer());
      start = from;
    }
    return held.subarray(from - start, from - start + length);
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
