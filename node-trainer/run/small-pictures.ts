import { join } from 'node:path';

import { contentShare, type SmallPicture, smallPicture } from '#shared/image/picture-share.ts';
import { toNdjson } from '#shared/schema/json.ts';
import type { PhotoId } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import { writeAtomic } from '../io/atomic.ts';
import { mapOrdered } from '../library/ordered-map.ts';
import type { RunContext } from './context.ts';
import { loadPixels } from './photos.ts';

/** List of the photos that are not made smaller in training, relative to the run folder. */
export const SMALL_PICTURES_FILE = 'photos/augmentation-warnings.ndjson';

/** A photo whose subject may be small already, as it is listed. */
export interface SmallPhoto extends SmallPicture {
  readonly photo: PhotoId;
  readonly fileName: string;
  /** Its sub-class, or null. */
  readonly label: string | null;
  /** The reason for people. */
  readonly message: string;
}

/**
 * Finds the photos that must not be made smaller (P1-28, P4-14), says how many they are, and lists them in
 * `photos/augmentation-warnings.ndjson`. Every photo is looked at once: about two milliseconds each.
 */
export async function findSmallPictures(
  run: RunContext,
  photos: readonly Photo[],
): Promise<ReadonlySet<PhotoId>> {
  const small: SmallPhoto[] = [];
  const measure = async (photo: Photo): Promise<SmallPhoto | null> => {
    // A photo that can't be read is named by whoever reads it to train on it.
    const pixels = await loadPixels(run.folder, photo.id).catch(() => null);
    return describeSmall(photo, pixels && contentShare(pixels));
  };
  let done = 0;
  for await (const found of mapOrdered(photos, measure)) {
    run.log.progress('sizes', ++done, photos.length);
    if (found) small.push(found);
  }
  await writeAtomic(join(run.folder.root, SMALL_PICTURES_FILE), toNdjson(small));
  if (small.length > 0) {
    run.log.warn(
      `${small.length} of ${photos.length} training photos may show their subject small; they are not made ` +
        `smaller (${SMALL_PICTURES_FILE})`,
    );
  }
  return new Set(small.map((s) => s.photo));
}

/** @param content `contentShare` of its canonical image; null where that is not known */
export function describeSmall(photo: Photo, content: number | null): SmallPhoto | null {
  const small = smallPicture(photo, content);
  return (
    small && {
      photo: photo.id,
      fileName: photo.fileName,
      label: photo.label?.id ?? null,
      ...small,
      message: messageOf(small),
    }
  );
}

function messageOf({ reason, share }: SmallPicture): string {
  const percent = `${Math.floor((share ?? 0) * 100)} %`;
  switch (reason) {
    case 'too-far':
      return 'somebody marked it as taken from too far away';
    case 'narrow':
      return `it is so long and narrow that it covers only ${percent} of the square; a crop would help`;
    case 'black-edges':
      return `only ${percent} of the square is not black edge; a crop would help`;
  }
}
