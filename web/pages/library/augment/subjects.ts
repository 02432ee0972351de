/** Whose variations are shown: the same photos in the same order as on the trainer's own sheets. */
import { MergeRuleError, resolveClasses, type ClassMap } from '#shared/dataset/classes.ts';
import { flopClasses } from '#shared/dataset/flop.ts';
import { previewOrder } from '#shared/dataset/random.ts';
import type { LabelId } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import type { LibraryState } from '../../../state/contract.ts';

type Labels = Pick<LibraryState, 'subClasses' | 'mergeRules'>;

export interface Classes extends Pick<ClassMap, 'classes' | 'classOf'> {
  /** Classes whose photos may be mirrored. */
  readonly flop: ReadonlySet<LabelId>;
}

/** Classes as training has them; where merge rules contradict each other, every label is its own class. */
export function classesOf({ subClasses, mergeRules }: Labels): Classes {
  const map = resolved(subClasses, mergeRules);
  return { ...map, flop: flopClasses(map.classes, subClasses, new Set()) };
}

function resolved(subClasses: Labels['subClasses'], mergeRules: Labels['mergeRules']): ClassMap {
  try {
    return resolveClasses(subClasses, mergeRules);
  } catch (cause) {
    if (cause instanceof MergeRuleError) return resolveClasses(subClasses, []);
    throw cause;
  }
}

/** A photo to be varied. */
export interface Subject {
  readonly photo: Photo;
  /** Whether it may be mirrored. */
  readonly flop: boolean;
}

/** The class of a photo's label; undefined for a photo without one that trains. */
function classOf(photo: Photo, { classOf: of }: Classes): LabelId | undefined {
  return photo.label?.kind === 'sub-class' ? of(photo.label.id) : undefined;
}

/** The first class that has photos. */
export function firstWithPhotos(photos: readonly Photo[], classes: Classes): LabelId | null {
  const worn = new Set(photos.map((photo) => classOf(photo, classes)));
  return classes.classes.find((c) => worn.has(c.id))?.id ?? null;
}

/** Photos of a class in the order in which they are shown for a seed. */
export function photosOf(photos: readonly Photo[], id: string, classes: Classes, seed: number): Photo[] {
  const own = photos.filter((photo) => classOf(photo, classes) === id);
  return previewOrder(own, (photo) => photo.id, seed);
}

export function subjectsOf(photos: readonly Photo[], classes: Classes): Subject[] {
  return photos.map((photo) => {
    const id = classOf(photo, classes);
    return { photo, flop: id === undefined || classes.flop.has(id) };
  });
}
