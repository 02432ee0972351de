import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';

import { crc32 } from '#shared/archive/crc32.ts';
import { checkEntries, type ZipEntryInfo } from '#shared/archive/entries.ts';
import { ARCHIVE_LIMITS, createInflateGuard } from '#shared/archive/limits.ts';
import { ArchiveRefused, shown } from '#shared/archive/refused.ts';

/** A file in a zip; folders are not listed. */
export interface ZipEntry {
  /** Safe relative path with `/`. */
  readonly name: string;
  /** Uncompressed size. */
  readonly bytes: number;
}

/** An open zip whose directory was checked before anything is inflated. */
export interface ZipReader {
  readonly entries: readonly ZipEntry[];
  /** @throws ArchiveRefused where the entry is damaged or does not unpack to what it declares */
  readonly read: (entry: ZipEntry) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a zip and checks its whole directory.
 * @throws ArchiveRefused naming the file or the entry inside it; the file system's error when it cannot be opened
 */
export async function openZip(path: string): Promise<ZipReader> {
  const { size } = await stat(path);
  const zip = await openPromise(path, { autoClose: false, decodeStrings: false }).catch((error: unknown) => {
    throw refusal('not-a-zip', `${shown(basename(path))} is no zip file, or is cut short`, error);
  });
  try {
    const raw = await listEntries(zip, path);
    const packed = new Map<ZipEntry, Entry>();
    for (const checked of checkEntries(raw.map(infoOf), size)) {
      const entry = raw[checked.index];
      if (entry && !checked.directory)
        packed.set({ name: checked.name, bytes: checked.uncompressedBytes }, entry);
    }
    return readerOf(zip, packed);
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function listEntries(zip: ZipFile, path: string): Promise<Entry[]> {
  if (zip.entryCount > ARCHIVE_LIMITS.entries) {
    const message = `${shown(basename(path))} lists ${zip.entryCount} files; at most ${ARCHIVE_LIMITS.entries} are taken.`;
    throw new ArchiveRefused('too-many', message);
  }
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch (error) {
    throw refusal('corrupt', `The list of files in ${shown(basename(path))} is damaged`, error);
  }
  return entries;
}

function infoOf(entry: Entry): ZipEntryInfo {
  // Names are decoded but not repaired: a name that needs repair is refused by the check.
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
  const unixMode = entry.versionMadeBy >>> 8 === 3 ? entry.externalFileAttributes >>> 16 : 0;
  return {
    name,
    rawNameBytes: entry.fileNameRaw,
    compressedBytes: entry.compressedSize,
    uncompressedBytes: entry.uncompressedSize,
    directory: name.endsWith('/'),
    symlink: (unixMode & 0o170000) === 0o120000,
    encrypted: entry.isEncrypted(),
    method: entry.compressionMethod,
  };
}

function readerOf(zip: ZipFile, packed: ReadonlyMap<ZipEntry, Entry>): ZipReader {
  return {
    entries: [...packed.keys()],
    read: async (entry) => {
      const raw = packed.get(entry);
      if (!raw) throw new Error(`${entry.name} is not an entry of this zip`);
      return inflate(zip, raw, entry);
    },
    close: () => {
      zip.close();
      return Promise.resolve();
    },
  };
}

/** Counts while inflating, so that a lying header cannot fill the memory, then checks the checksum. */
async function inflate(zip: ZipFile, raw: Entry, { name, bytes }: ZipEntry): Promise<Uint8Array> {
  const guard = createInflateGuard({ name, uncompressedBytes: bytes });
  const data = new Uint8Array(bytes);
  let at = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(raw)) {
      const piece = chunk as Buffer;
      guard.push(piece.length);
      data.set(piece, at);
      at += piece.length;
    }
    guard.end();
  } catch (error) {
    if (error instanceof ArchiveRefused) throw error;
    throw refusal('corrupt', `${shown(name)} cannot be unpacked`, error);
  }
  if (crc32(data) !== raw.crc32) {
    throw new ArchiveRefused('corrupt', `${shown(name)} is damaged: its checksum is wrong.`);
  }
  return data;
}

function refusal(fault: ArchiveRefused['fault'], what: string, cause: unknown): ArchiveRefused {
  return new ArchiveRefused(fault, `${what} (${cause instanceof Error ? cause.message : String(cause)}).`);
}
