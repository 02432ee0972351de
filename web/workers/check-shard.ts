/** Is a shard on the disk whole, and the one that was meant? */
import { checkEntries } from '#shared/archive/entries.ts';
import { LIBRARY_FILE, parsePhotoPath, PHOTOS_FILE } from '#shared/archive/layout.ts';
import { ArchiveRefused } from '#shared/archive/refused.ts';
import { parseJson, parseNdjson } from '#shared/schema/json.ts';
import { readLibrary } from '#shared/schema/library.ts';
import { sha256 } from '../platform/hash.ts';
import { storedEntries } from './stored-entries.ts';
import { readDirectory } from './zip-directory.ts';

/** Which shard of which export. */
export interface ShardIdentity {
  readonly exportId: string;
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/**
 * Reads a shard from the first byte to the last: every entry has the checksum it was written with and stands in the
 * directory, the list of photos is the one that was exported, and each of its photos is there.
 * @throws ArchiveRefused, RecordError or JsonError: it is not whole, or another one
 */
export async function checkShard(archive: Blob, expected: ShardIdentity): Promise<void> {
  const directory = await readDirectory(archive);
  checkEntries(directory, archive.size);
  const texts = new Map<string, Uint8Array<ArrayBuffer>>();
  const pictures = new Set<string>();
  let entries = 0;
  for await (const { name, bytes } of storedEntries(archive)) {
    if (directory[entries]?.name !== name) throw different(`its directory does not list ${name}`);
    entries += 1;
    const photo = parsePhotoPath(name)?.photo;
    if (photo) pictures.add(photo);
    else texts.set(name, bytes.slice());
  }
  if (entries !== directory.length) throw different('entries of its directory are missing');
  const { exportId, shard } = readLibrary(parseJson(textOf(texts, LIBRARY_FILE), LIBRARY_FILE), LIBRARY_FILE);
  if (exportId !== expected.exportId || shard.index !== expected.index || shard.of !== expected.of)
    throw different('it belongs to another export');
  const list = texts.get(PHOTOS_FILE);
  if (!list || (await sha256(list)) !== shard.photosSha256) throw different('its list of photos is another');
  const records = parseNdjson(textOf(texts, PHOTOS_FILE), PHOTOS_FILE);
  const listed = records.filter((record) => pictures.has((record as { id: string }).id));
  if (listed.length !== pictures.size || records.length !== shard.photos || pictures.size !== shard.photos)
    throw different('photos of its list are missing');
}

function textOf(texts: ReadonlyMap<string, Uint8Array>, name: string): string {
  const bytes = texts.get(name);
  if (!bytes) throw different(`${name} is missing`);
  return new TextDecoder().decode(bytes);
}

function different(detail: string): ArchiveRefused {
  return new ArchiveRefused(
    'corrupt',
    `What was written did not come back as it was: ${detail}. Export again.`,
  );
}
