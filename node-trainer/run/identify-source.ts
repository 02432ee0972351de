import { createHash } from 'node:crypto';

import { canonicalise } from '#shared/image/canonical.ts';
import type { Pixels } from '#shared/image/pixels.ts';
import type { PhotoId } from '#shared/schema/names.ts';
import type { Part } from '#shared/schema/part.ts';

import { decodeImage } from '../io/images.ts';
import { isExport, openLibrary } from '../library/open-library.ts';
import { openPhotoSource } from '../library/photo-source.ts';
import { type Problem, problemOf } from '../library/problem.ts';
import { localCopy } from '../library/remote.ts';

/** A photo to be identified. */
export interface Unidentified {
  /** Path inside the source, or the name of the file it once was. */
  readonly file: string;
  /** Its identity in a library; null where the source is none. */
  readonly photo: PhotoId | null;
  readonly bytes: number;
  /** Its canonical image. */
  readonly load: () => Promise<Pixels>;
}

/** Photos to be identified in an order that stays, and the way to close their source. */
export interface IdentifySource {
  readonly items: readonly Unidentified[];
  readonly close: () => Promise<void>;
}

/**
 * Opens any folder or zip of photos, or an export, also in a store (`s3://…`); in an export every photo is identified,
 * named or not.
 * @param size edge of the canonical images, as the model's card says
 */
export async function openIdentifySource(place: string, size: number): Promise<IdentifySource> {
  const { path, close } = await localCopy(place);
  try {
    const source = await openLocal(path, size);
    return { ...source, close: () => source.close().finally(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** SHA-256 over the list: another one when a photo comes, goes or changes its size. */
export function inputOf(items: readonly Unidentified[]): Part['input'] {
  const hash = createHash('sha256');
  for (const { file, photo, bytes } of items) hash.update(`${JSON.stringify([file, photo, bytes])}\n`);
  return { rows: items.length, sha256: hash.digest('hex') };
}

async function openLocal(path: string, size: number): Promise<IdentifySource> {
  if (await isExport(path)) {
    const library = await openLibrary(path);
    const items = library.items.map(({ where, photo, bytes, load }) => ({
      file: photo?.fileName ?? where,
      photo: photo?.id ?? null,
      bytes,
      load: async () => decodeImage((await load()).png),
    }));
    return { items, close: library.close };
  }
  const source = await openPhotoSource(path);
  const items = source.files.map(({ path: file, bytes, read }) => ({
    file,
    photo: null,
    bytes,
    load: async () => canonicalise(await decodeImage(await read()), size),
  }));
  return { items, close: source.close };
}

/** Loads a photo, or tells why it can't be used. */
export async function loadOrTell(
  item: Pick<Unidentified, 'file' | 'load'>,
  tell: (problem: Problem) => void,
): Promise<Pixels | null> {
  try {
    return await item.load();
  } catch (error) {
    tell(problemOf(item.file, error));
    return null;
  }
}
