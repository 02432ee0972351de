import { contentShare } from '#shared/image/picture-share.ts';
import type { LabelId } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import { decodeImage } from '../io/images.ts';
import type { Library, LibraryItem } from '../library/library.ts';
import { mapOrdered } from '../library/ordered-map.ts';
import { type Problem, problemOf } from '../library/problem.ts';
import { describeSmall, type SmallPhoto } from './small-pictures.ts';

/** A photo that could be shown; its pixels are read again when it is. */
export interface Seen {
  readonly item: LibraryItem;
  readonly photo: Photo;
  readonly class: LabelId;
  /** Why it is not made smaller; null where it is. */
  readonly small: SmallPhoto | null;
}

/** Which class a photo belongs to; undefined for one that is not wanted. */
export type ClassOf = (photo: Photo) => LabelId | undefined;

/** Looks at every photo of the wanted classes, as a run does before training. */
export async function lookThrough(
  library: Library,
  classOf: ClassOf,
  onProgress: (done: number, total: number) => void,
): Promise<{ readonly seen: readonly Seen[]; readonly problems: readonly Problem[] }> {
  const seen: Seen[] = [];
  const problems: Problem[] = [...library.problems];
  const items = library.items.filter(({ photo }) => photo === null || classOf(photo) !== undefined);
  let done = 0;
  for await (const found of mapOrdered(items, (item) => lookAt(item, classOf))) {
    onProgress(++done, items.length);
    if (found === null) continue;
    if ('code' in found) problems.push(found);
    else seen.push(found);
  }
  return { seen, problems };
}

async function lookAt(item: LibraryItem, classOf: ClassOf): Promise<Seen | Problem | null> {
  try {
    const { photo, png } = await item.load();
    const id = classOf(photo);
    if (id === undefined) return null;
    return { item, photo, class: id, small: describeSmall(photo, contentShare(await decodeImage(png))) };
  } catch (error) {
    return problemOf(item.where, error);
  }
}
