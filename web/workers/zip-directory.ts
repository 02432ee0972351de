/** Reads a zip's central directory itself, before any library touches the archive. */
import { ArchiveRefused } from '#shared/archive/refused.ts';
import type { ZipEntryInfo } from '#shared/archive/entries.ts';

/** A line of the central directory. */
export interface DirectoryEntry extends ZipEntryInfo {
  readonly crc: number;
  /** Where its own header begins. */
  readonly offset: number;
}

const END_MARK = 0x06054b50;
const ENTRY_MARK = 0x02014b50;
/** The end record, and the longest comment that may follow it. */
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const SYMLINK = 0xa000;

/** @throws ArchiveRefused `not-a-zip`, or `corrupt` when the directory contradicts itself */
export async function readDirectory(archive: Blob): Promise<DirectoryEntry[]> {
  const tail = await view(archive, Math.max(0, archive.size - END_BYTES - LONGEST_COMMENT), archive.size);
  const end = findEnd(tail);
  const count = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const offset = tail.getUint32(end + 16, true);
  if (count === 0xffff || offset === 0xffffffff) {
    throw new ArchiveRefused(
      'too-large',
      'The archive is in the large zip64 format. Unpack it and add the folder.',
    );
  }
  if (offset + size > archive.size) throw corrupt('its directory reaches beyond its end');
  const directory = await view(archive, offset, offset + size);
  const entries: DirectoryEntry[] = [];
  let at = 0;
  while (at + 46 <= directory.byteLength && directory.getUint32(at, true) === ENTRY_MARK) {
    entries.push(readEntry(directory, at));
    at += entryLength(directory, at);
  }
  if (entries.length !== count || at !== directory.byteLength) {
    throw corrupt(`its directory announces ${String(count)} entries and holds ${String(entries.length)}`);
  }
  return entries;
}

function findEnd(tail: DataView): number {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) === END_MARK) return at;
  }
  throw new ArchiveRefused('not-a-zip', 'The file is not a zip, or its end is missing.');
}

function readEntry(directory: DataView, at: number): DirectoryEntry {
  const flags = directory.getUint16(at + 8, true);
  const nameLength = directory.getUint16(at + 28, true);
  if (at + entryLength(directory, at) > directory.byteLength)
    throw corrupt('an entry of its directory is cut');
  const rawNameBytes = new Uint8Array(directory.buffer, at + 46, nameLength);
  const name = new TextDecoder().decode(rawNameBytes);
  return {
    name,
    rawNameBytes,
    directory: name.endsWith('/'),
    method: directory.getUint16(at + 10, true),
    crc: directory.getUint32(at + 16, true),
    offset: directory.getUint32(at + 42, true),
    compressedBytes: directory.getUint32(at + 20, true),
    uncompressedBytes: directory.getUint32(at + 24, true),
    encrypted: (flags & 1) !== 0,
    symlink: ((directory.getUint32(at + 38, true) >>> 16) & 0xf000) === SYMLINK,
  };
}

function entryLength(directory: DataView, at: number): number {
  const [name, extra, comment] = [28, 30, 32].map((field) => directory.getUint16(at + field, true));
  return 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
}

async function view(archive: Blob, from: number, to: number): Promise<DataView> {
  return new DataView(await archive.slice(from, to).arrayBuffer());
}

function corrupt(detail: string): ArchiveRefused {
  return new ArchiveRefused('corrupt', `The archive is damaged: ${detail}.`);
}
