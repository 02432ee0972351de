/** Files of a zip, one at a time, without holding the zip: each is cut out of it where the directory says. */
import { crc32 } from '#shared/archive/crc32.ts';
import { checkEntries } from '#shared/archive/entries.ts';
import { ARCHIVE_LIMITS, createInflateGuard } from '#shared/archive/limits.ts';
import { ArchiveRefused, shown } from '#shared/archive/refused.ts';
import { readDirectory } from './zip-directory.ts';

/** Where a file lies in a zip whose directory was checked. It can be handed to a worker. */
export interface ZippedFile {
  readonly archive: Blob;
  /** Safe path in the zip. */
  readonly name: string;
  readonly offset: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
}

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;

/** The files of a zip, in its order. Nothing is inflated. @throws ArchiveRefused */
export async function zippedFiles(archive: Blob): Promise<ZippedFile[]> {
  const directory = await readDirectory(archive);
  return checkEntries(directory, archive.size, ARCHIVE_LIMITS).flatMap((entry) => {
    const listed = directory[entry.index];
    if (!listed || entry.directory) return [];
    const { offset, method, crc, compressedBytes, uncompressedBytes } = listed;
    return [{ archive, name: entry.name, offset, method, crc, compressedBytes, uncompressedBytes }];
  });
}

/** Inflates one file under guard. @throws ArchiveRefused naming it when it is damaged */
export async function readEntry(file: ZippedFile): Promise<Uint8Array<ArrayBuffer>> {
  const packed = await packedBytes(file);
  const out = new Uint8Array(file.uncompressedBytes);
  const guard = createInflateGuard(file);
  let at = 0;
  const pieces =
    file.method === 0 ? packed.stream() : packed.stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = pieces.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      guard.push(value.length);
      out.set(value, at);
      at += value.length;
    }
    guard.end();
  } catch (cause) {
    await reader.cancel().catch(() => undefined);
    throw cause instanceof ArchiveRefused ? cause : damaged(file);
  }
  if (crc32(out) !== file.crc) throw damaged(file);
  return out;
}

/** Behind its own header, whose lengths may differ from those of the directory. */
async function packedBytes(file: ZippedFile): Promise<Blob> {
  const { archive, offset, compressedBytes } = file;
  const header = new DataView(await archive.slice(offset, offset + LOCAL_BYTES).arrayBuffer());
  if (header.byteLength < LOCAL_BYTES || header.getUint32(0, true) !== LOCAL) throw damaged(file);
  const start = offset + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = archive.slice(start, start + compressedBytes);
  if (packed.size !== compressedBytes) throw damaged(file);
  return packed;
}

function damaged({ name }: ZippedFile): ArchiveRefused {
  return new ArchiveRefused('corrupt', `${shown(name)} is damaged in the archive.`);
}
