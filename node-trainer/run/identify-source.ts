import { canonicalise } from '#shared/image/canonical.ts';
import type { Pixels } from '#shared/image/pixels.ts';
import type { PhotoId } from '#shared/schema/names.ts';

import { decodeImage } from '../io/images.ts';
import { isExport, openLibrary } from '../library/open-library.ts';
import { openPhotoSource } from '../library/photo-source.ts';
import { type Problem, problemOf } from '../library/problem.ts';

/** A photo to be identified. */
export interface Unidentified {
  /** Path inside the source, or the name of the file it once was. */
  readonly file: string;
  /** Its identity in a library; null where the source is none. */
  readonly photo: PhotoId | null;
  /** Its canonical image. */
  readonly load: () => Promise<Pixels>;
}

/** Photos to be identified, and the way to close their source. */
export interface IdentifySource {
  readonly items: readonly Unidentified[];
  readonly close: () => Promise<void>;
}

/** Opens any folder or zip of photos, or an export; in an export every photo is identified, named or not. */
export async function openIdentifySource(path: string): Promise<IdentifySource> {
  if (await isExport(path)) {
    const library = await openLibrary(path);
    const items = library.items.map(({ where, photo, load }) => ({
      file: photo?.fileName ?? where,
      photo: photo?.id ?? null,
      load: async () => decodeImage((await load()).png),
    }));
    return { items, close: library.close };
  }
  const source = await openPhotoSource(path);
  const items = source.files.map(({ path: file, read }) => ({
    file,
    photo: null,
    load: async () => canonicalise(await decodeImage(await read())),
  }));
  return { items, close: source.close };
}

/** Loads a photo, or tells why it can't be used. */
export async function loadOrTell(
  item: Unidentified,
  tell: (problem: Problem) => void,
): Promise<Pixels | null> {
  try {
    return await item.load();
  } catch (error) {
    tell(problemOf(item.file, error));
    return null;
  }
}
