import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import JSZip from 'jszip';

import { ARCHIVE_LIMITS } from '#shared/archive/limits.ts';
import { ArchiveRefused } from '#shared/archive/refused.ts';

import { replaceFile } from './atomic.ts';

/** A file to be packed. */
export interface OutgoingEntry {
  /** Relative path with `/`. */
  readonly name: string;
  readonly data: Uint8Array;
}

/** Already packed: deflating them again costs time and saves nothing. */
const PACKED = /\.(png|jpe?g|webp|gif|avif|zip)$/i;

/** The same files give the same zip, byte for byte. */
const DATE = new Date(Date.UTC(1980, 0, 1));

/**
 * Writes a zip whole or not at all. The packer holds what it packs in memory and writes no zip64, so the caller plans
 * shards; a shard beyond the limits is refused, for other readers would silently miss files.
 * @throws ArchiveRefused beyond the limits; the file system's error, e.g. ENOSPC
 */
export async function writeZip(
  path: string,
  entries: AsyncIterable<OutgoingEntry> | Iterable<OutgoingEntry>,
): Promise<void> {
  const zip = new JSZip();
  let [count, bytes] = [0, 0];
  for await (const { name, data } of entries) {
    count += 1;
    bytes += data.length;
    if (count > ARCHIVE_LIMITS.entries)
      throw new ArchiveRefused('too-many', `A zip takes ${ARCHIVE_LIMITS.entries} files.`);
    if (bytes > ARCHIVE_LIMITS.archiveBytes / 2)
      throw new ArchiveRefused('too-large', 'A zip takes 2 GB of files.');
    const compression = PACKED.test(name) ? 'STORE' : 'DEFLATE';
    zip.file(name, data, { binary: true, createFolders: false, date: DATE, compression });
  }
  await replaceFile(path, (aside) =>
    pipeline(
      zip.generateNodeStream({ platform: 'UNIX', streamFiles: false }),
      createWriteStream(aside, { flags: 'wx' }),
    ),
  );
}
