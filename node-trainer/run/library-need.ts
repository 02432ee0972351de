import { freeBytes } from '../io/room.ts';
import { isS3 } from '../io/s3-place.ts';
import { openLibrary } from '../library/open-library.ts';
import { listRemote } from '../library/remote.ts';

/** Features of a photo on the disk: 2 048 numbers, as the largest networks make, with hash and checksum. */
const FEATURES = 2048 * 4 + 36;

/** How much of the disk a run with a library takes, about (P5-08); sizes in bytes. */
export interface LibraryNeed {
  readonly library: string;
  /** null where they can't be counted without fetching them. */
  readonly photos: number | null;
  /** Edge of the canonical images; null where it is not known yet. */
  readonly canonicalSize: number | null;
  /** Shards that are fetched first. */
  readonly fetched: number;
  /** Canonical images in the run folder. */
  readonly images: number;
  /** What the frozen network makes of them, kept for the next training. */
  readonly features: number;
  readonly needed: number;
  readonly free: number;
  readonly fits: boolean;
}

/**
 * Estimates it from the shards' lists and directories, unpacking nothing.
 * @param run where the run folder is, or will be
 * @throws LibraryError and the others of `openLibrary`; FileStoreError
 */
export async function libraryNeed(library: string, run: string): Promise<LibraryNeed> {
  const free = await freeBytes(run);
  const parts = isS3(library) ? await remoteNeed(library) : await localNeed(library);
  const needed = parts.fetched + parts.images + parts.features;
  return { library, ...parts, needed, free, fits: needed <= free };
}

type Parts = Pick<LibraryNeed, 'photos' | 'canonicalSize' | 'fetched' | 'images' | 'features'>;

async function localNeed(path: string): Promise<Parts> {
  const library = await openLibrary(path);
  await library.close();
  const photos = library.items.length;
  return {
    photos,
    canonicalSize: library.file.canonicalSize,
    fetched: 0,
    images: library.items.reduce((sum, item) => sum + item.bytes, 0),
    features: photos * FEATURES,
  };
}

/** Shards hold images as they are, so what is unpacked weighs what was fetched. */
async function remoteNeed(place: string): Promise<Parts> {
  const { files } = await listRemote(place);
  const fetched = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return { photos: null, canonicalSize: null, fetched, images: fetched, features: 0 };
}
