import { readFile } from 'node:fs/promises';

import type { Metrics } from '#shared/schema/metrics.ts';
import type { PhotoId } from '#shared/schema/names.ts';

import { thumbnail } from '../../io/images.ts';
import { mapOrdered } from '../../library/ordered-map.ts';
import { pngPath } from '../../run/photos.ts';
import type { RunFolder } from '../../run/run-folder.ts';

const EDGE = 160;
/** Bytes of all pictures in a report together: it is mailed and kept for years. */
const MOST_BYTES = 3 * 2 ** 20;

/**
 * Small pictures, as data URIs, of the photos that the report names. A photo that is gone, or beyond the bound, has
 * none: the report says so and stays.
 */
export async function thumbnailsFor(
  folder: RunFolder,
  { sets }: Pick<Metrics, 'sets'>,
): Promise<Map<PhotoId, string>> {
  const wanted = new Set(sets.flatMap((set) => set.pictures.map((picture) => picture.photo)));
  const found = new Map<PhotoId, string>();
  let bytes = 0;
  for await (const { photo, small } of mapOrdered(wanted, async (photo) => ({
    photo,
    small: await smallPicture(folder, photo),
  }))) {
    if (small === null || bytes + small.length > MOST_BYTES) continue;
    bytes += small.length;
    found.set(photo, `data:image/webp;base64,${Buffer.from(small).toString('base64')}`);
  }
  return found;
}

async function smallPicture(folder: RunFolder, photo: PhotoId): Promise<Uint8Array | null> {
  try {
    return await thumbnail(await readFile(pngPath(folder, photo)), EDGE);
  } catch {
    return null;
  }
}
