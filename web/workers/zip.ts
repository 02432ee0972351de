/** The only user of JSZip. Reading stands behind the guard: nothing is inflated before the directory was checked. */
import JSZip from 'jszip';

import { crc32 } from '#shared/archive/crc32.ts';
import { checkEntries, type CheckedEntry } from '#shared/archive/entries.ts';
import { ARCHIVE_LIMITS, createInflateGuard } from '#shared/archive/limits.ts';
import { ArchiveRefused, shown } from '#shared/archive/refused.ts';
import { readDirectory } from './zip-directory.ts';

/** JSZip holds the whole archive in memory. */
const LIMITS = { ...ARCHIVE_LIMITS, archiveBytes: 2 ** 30 };

/** An archive whose directory was checked. */
export interface OpenZip {
  readonly entries: readonly CheckedEntry[];
  /** Inflates one entry under guard. @throws ArchiveRefused naming it when it is damaged */
  readonly read: (entry: CheckedEntry) => Promise<Uint8Array<ArrayBuffer>>;
}

/** @throws ArchiveRefused */
export async function openZip(archive: Blob): Promise<OpenZip> {
  if (archive.size > LIMITS.archiveBytes) {
    throw new ArchiveRefused(
      'too-large',
      'The archive is larger than 1 GB. Unpack it and add the folder instead.',
    );
  }
  const directory = await readDirectory(archive);
  const entries = checkEntries(directory, archive.size, LIMITS).filter((entry) => !entry.directory);
  const zip = await load(archive);
  const read = async (entry: CheckedEntry): Promise<Uint8Array<ArrayBuffer>> => {
    const listed = directory[entry.index];
    // JSZip believes the name in front of the data, not the directory's.
    const object = listed && zip.file(listed.name);
    if (!object) throw damaged(entry);
    const bytes = await inflate(object, entry);
    if (crc32(bytes) !== listed.crc) throw damaged(entry);
    return bytes;
  };
  return { entries, read };
}

async function load(archive: Blob): Promise<JSZip> {
  const bytes = await archive.arrayBuffer();
  try {
    return await JSZip.loadAsync(bytes, { createFolders: false });
  } catch (cause) {
    throw new ArchiveRefused(
      'corrupt',
      `The archive is damaged: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

/** JSZip's stream of one entry; missing in its types. */
interface Streaming {
  readonly internalStream: (type: 'uint8array') => JSZip.JSZipStreamHelper<Uint8Array>;
}

/** Inflates piece by piece and stops as soon as more comes out than was declared. */
function inflate(object: JSZip.JSZipObject, entry: CheckedEntry): Promise<Uint8Array<ArrayBuffer>> {
  const guard = createInflateGuard(entry, LIMITS);
  const out = new Uint8Array(entry.uncompressedBytes);
  let at = 0;
  return new Promise((done, fail) => {
    const stream = (object as unknown as Streaming).internalStream('uint8array');
    let over = false;
    const stop = (cause: unknown): void => {
      if (over) return;
      over = true;
      stream.pause();
      fail(cause instanceof ArchiveRefused ? cause : damaged(entry));
    };
    stream
      .on('data', (piece) => {
        if (over) return;
        try {
          guard.push(piece.length);
          out.set(piece, at);
          at += piece.length;
        } catch (cause) {
          stop(cause);
        }
      })
      .on('error', stop)
      .on('end', () => {
        try {
          guard.end();
          done(out);
        } catch (cause) {
          stop(cause);
        }
      })
      .resume();
  });
}

function damaged(entry: CheckedEntry): ArchiveRefused {
  return new ArchiveRefused('corrupt', `${shown(entry.name)} is damaged in the archive.`);
}

/** An archive being written. PNG and JPEG do not shrink any more, so bytes are stored as they are. */
export interface ZipWriter {
  readonly add: (name: string, content: ArrayBuffer | string) => void;
  readonly finish: () => Promise<Blob>;
}

/** Keep what goes in below `BROWSER_SHARD`: JSZip holds it all, and writes no zip64. */
export function createZip(): ZipWriter {
  const zip = new JSZip();
  return {
    add: (name, content) => {
      // A fixed date: the same library gives the same bytes.
      zip.file(name, content, { createFolders: false, date: new Date(Date.UTC(2020, 0, 1)) });
    },
    finish: () => zip.generateAsync({ type: 'blob', compression: 'STORE', mimeType: 'application/zip' }),
  };
}
