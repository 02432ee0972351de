import { basename } from 'node:path';

import { LIBRARY_FILE, parsePhotoPath, PHOTOS_FILE } from '#shared/archive/layout.ts';
import { checkShardSet } from '#shared/archive/shards.ts';
import { parseJson } from '#shared/schema/json.ts';
import { type LibraryFile, readLibrary } from '#shared/schema/library.ts';
import { type Photo, photoRecord } from '#shared/schema/photo.ts';

import { sha256 } from '../io/hash.ts';
import { decodeImage } from '../io/images.ts';
import { PhotoError } from '../io/photo-error.ts';
import { openZip, type ZipEntry, type ZipReader } from '../io/zip-read.ts';
import type { Library, LibraryItem, LoadedPhoto } from './library.ts';
import { type Problem, problemOf } from './problem.ts';

interface Shard {
  readonly file: string;
  readonly zip: ZipReader;
  readonly library: LibraryFile;
}

/**
 * Opens the shards of one export and checks that the set is whole. Photos are read later, one by one.
 * @param files paths of the zips
 * @throws ShardSetError naming a missing, doubled or foreign shard; RecordError naming a file and the path inside it,
 *   also for a manifest of a newer version; ArchiveRefused for a damaged or hostile zip
 */
export async function openExport(files: readonly string[]): Promise<Library> {
  const open: Shard[] = [];
  const close = async (): Promise<void> => {
    for (const { zip } of open) await zip.close();
  };
  try {
    for (const file of files) open.push(await openShard(file));
    const shards = checkShardSet(open);
    const parts = [];
    for (const shard of shards) parts.push(await readShard(shard));
    const { shard: _shard, photos: _photos, ...file } = shards[0]?.library ?? never();
    const photos = shards.reduce((sum, s) => sum + s.library.shard.photos, 0);
    const items = parts.flatMap((p) => p.items);
    const problems = parts.flatMap((p) => p.problems);
    const fingerprint = sha256(
      encode(JSON.stringify(shards.map((s) => [s.library.exportId, s.library.shard]))),
    );
    return { file, fingerprint, items, problems: [...problems, ...shortage(photos, items.length)], close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openShard(path: string): Promise<Shard> {
  const file = basename(path);
  const zip = await openZip(path);
  try {
    const where = `${file}/${LIBRARY_FILE}`;
    const library = readLibrary(parseJson(await readText(zip, LIBRARY_FILE, file), where), where);
    return { file, zip, library };
  } catch (error) {
    await zip.close();
    throw error;
  }
}

async function readShard(shard: Shard): Promise<{ items: LibraryItem[]; problems: Problem[] }> {
  const { file, zip, library } = shard;
  const where = `${file}/${PHOTOS_FILE}`;
  const text = await readText(zip, PHOTOS_FILE, file);
  const problems: Problem[] = [];
  if (sha256(encode(text)) !== library.shard.photosSha256) {
    problems.push({
      file: where,
      code: 'hash',
      message: `${where} is not the file that was exported: its hash differs.`,
    });
  }
  const items: LibraryItem[] = [];
  const entries = new Map(zip.entries.map((e) => [parsePhotoPath(e.name)?.photo, e]));
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const place = `${where} line ${i + 1}`;
    try {
      items.push(itemOf(shard, entries, photoRecord.read(parseJson(line, place), place)));
    } catch (error) {
      problems.push(problemOf(place, error));
    }
  });
  return { items, problems };
}

/** A picture is found by the id in its path: how folders are spelt is the writer's business. */
function itemOf(
  { file, zip }: Shard,
  entries: ReadonlyMap<string | undefined, ZipEntry>,
  photo: Photo,
): LibraryItem {
  const entry = entries.get(photo.id);
  const where = `${file}/${entry?.name ?? photo.id}`;
  const load = async (): Promise<LoadedPhoto> => {
    if (!entry) {
      throw new PhotoError(
        'missing',
        `${file} lists the photo ${photo.id} ("${photo.fileName}"), but does not hold it.`,
      );
    }
    const png = await zip.read(entry);
    await verify(png, photo, where);
    return { photo, png };
  };
  return { where, photo, bytes: entry?.bytes ?? 0, load };
}

/**
 * Checks that a canonical image is the one its record speaks of.
 * @throws PhotoError naming it
 */
export async function verify(png: Uint8Array, photo: Photo, where: string): Promise<void> {
  const pixels = await decodeImage(png);
  if (pixels.width !== photo.canonicalSize || pixels.height !== photo.canonicalSize) {
    const size = `${pixels.width} × ${pixels.height}`;
    throw new PhotoError('size', `${where} has ${size} pixels, but its record says ${photo.canonicalSize}.`);
  }
  if (sha256(pixels.data) !== photo.pixels) {
    throw new PhotoError('hash', `${where} is damaged: its pixels are not those that were exported.`);
  }
}

function shortage(expected: number, found: number): Problem[] {
  if (found >= expected) return [];
  const message = `The export says that it holds ${expected} photos, but only ${found} could be listed.`;
  return [{ file: PHOTOS_FILE, code: 'count', message }];
}

async function readText(zip: ZipReader, name: string, file: string): Promise<string> {
  const entry = zip.entries.find((e) => e.name === name);
  if (!entry)
    throw new PhotoError(
      'missing',
      `${file} holds no ${name}: it is not a shard of an export, or cut short.`,
    );
  return new TextDecoder().decode(await zip.read(entry));
}

function never(): never {
  throw new Error('a checked set of shards has a first one');
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
