import { openOutFile, type OutPlace } from '../platform/out-file.ts';
import { storedEntries } from './stored-entries.ts';
import { writeZip, type OutgoingEntry } from './write-zip.ts';

/**
 * Writes a zip to its place in bounded memory, reads it back, and gives it its name only then: what goes wrong
 * leaves nothing behind. Runs in a worker.
 * @param check looks at what lies on the disk; by default every byte is compared with its checksum
 * @returns what to download; null where it lies in a folder
 * @throws what the entries, the disk or the check throw
 */
export async function saveZip(
  place: OutPlace,
  name: string,
  entries: AsyncIterable<OutgoingEntry> | Iterable<OutgoingEntry>,
  check: (archive: Blob) => Promise<void> = readThrough,
): Promise<Blob | null> {
  const file = await openOutFile(place, name);
  try {
    await writeZip(entries, file.write);
    await check(await file.close());
    return await file.keep();
  } catch (cause) {
    await file.discard();
    throw cause;
  }
}

async function readThrough(archive: Blob): Promise<void> {
  for await (const _ of storedEntries(archive));
}
