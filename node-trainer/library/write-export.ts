import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import {
  folderName,
  LIBRARY_FILE,
  photoPath,
  PHOTOS_FILE,
  shardName,
  UNLABELLED_FOLDER,
} from '#shared/archive/layout.ts';
import { NODE_SHARD, planShards, type ShardLimits } from '#shared/archive/shards.ts';
import { toNdjson } from '#shared/schema/json.ts';
import type { LibraryFile } from '#shared/schema/library.ts';
import type { Photo } from '#shared/schema/photo.ts';

import { sha256 } from '../io/hash.ts';
import { writeZip } from '../io/zip-write.ts';

/** A photo to be written; its picture is fetched when its turn comes. */
export interface OutgoingPhoto {
  readonly photo: Photo;
  /** Size of the PNG in bytes. */
  readonly bytes: number;
  readonly png: () => Promise<Uint8Array>;
}

/**
 * Writes a library as shards. All are first written aside, then moved into place, so that a cut leaves either the old
 * shards or a set that can be told to be mixed. Memory holds one shard at most.
 * @param folder where the shards go; a folder for work is made inside it and removed again
 * @returns names of the shards
 */
export async function writeExport(
  folder: string,
  file: Omit<LibraryFile, 'shard' | 'photos'>,
  photos: readonly OutgoingPhoto[],
  limits: ShardLimits = NODE_SHARD,
): Promise<string[]> {
  const aside = join(folder, '.shards');
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  const ranges = planShards(
    photos.map((p) => p.bytes),
    limits,
  );
  const names: string[] = [];
  for (const [i, { from, to }] of ranges.entries()) {
    const name = shardName(file.name, i + 1, ranges.length);
    const part = photos.slice(from, to);
    const records = encode(toNdjson(part.map((p) => p.photo)));
    const shard = {
      index: i + 1,
      of: ranges.length,
      photos: part.length,
      leftOut: 0,
      photosSha256: sha256(records),
    };
    const library: LibraryFile = { ...file, shard, photos: photos.length };
    await writeZip(join(aside, name), entriesOf(part, records, library));
    names.push(name);
  }
  for (const name of names) await rename(join(aside, name), join(folder, name));
  await rm(aside, { recursive: true });
  return names;
}

/** Zips of a folder that are not among `names`: parts of an earlier export that would not fit the new one. */
export async function otherZips(folder: string, names: readonly string[]): Promise<string[]> {
  const found = await readdir(folder).catch(() => []);
  return found.filter((name) => name.toLowerCase().endsWith('.zip') && !names.includes(name));
}

async function* entriesOf(
  part: readonly OutgoingPhoto[],
  records: Uint8Array,
  library: LibraryFile,
): AsyncGenerator<{ name: string; data: Uint8Array }> {
  yield { name: LIBRARY_FILE, data: encode(`${JSON.stringify(library, null, 2)}\n`) };
  yield { name: PHOTOS_FILE, data: records };
  for (const { photo, png } of part) yield { name: photoPath(folderOf(photo), photo.id), data: await png() };
}

function folderOf(photo: Photo): string {
  return photo.label ? folderName(photo.label.id) : UNLABELLED_FOLDER;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
