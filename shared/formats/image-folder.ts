/**
 * A folder for each class, where there are parts with folders `train`, `val` and `test` above them:
 *
 *     train/red panda/<any name>.png
 *
 * Source: torchvision `datasets.ImageFolder` ("root/dog/xxx.png"), Keras `image_dataset_from_directory`.
 */
import { UNLABELLED_FOLDER } from '../archive/layout.ts';
import type { Part } from '../schema/dataset.ts';
import { classFolderNames } from './class-folders.ts';
import type { ForeignWriter, OutPhoto } from './format.ts';
import { PART_FOLDER, partOf } from './parts.ts';

/** What the folders say of a file. */
export interface Filed {
  /** The folder that the file lies in; null where that names no class. */
  readonly label: string | null;
  readonly part: Part | null;
}

/**
 * Which folder names each file's class: the one it lies in. Files that lie beside the class folders
 * ("zoo/plan.jpg" where others lie in "zoo/lion/", "test/1.jpg" beside "train/lion/") have none.
 * @param paths with `/`, the file name last
 */
export function filedBy(paths: readonly string[]): Filed[] {
  const split = paths.map((path) =>
    path
      .split('/')
      .filter((part) => part !== '')
      .slice(0, -1),
  );
  const roots = new Set(split.filter((folders) => folders.length > 1).map((folders) => folders[0]));
  const divided = split.some((folders) => partAbove(folders) !== null);
  return split.map((folders) => {
    const folder = folders.at(-1);
    if (folder === undefined || folder === UNLABELLED_FOLDER) return { label: null, part: null };
    if (divided && partOf(folder) !== null && partAbove(folders) === null)
      return { label: null, part: partOf(folder) };
    if (folders.length === 1 && roots.has(folder)) return { label: null, part: null };
    return { label: folder.normalize('NFC').trim() || null, part: partAbove(folders) };
  });
}

/** The part whose folder holds the class folders. */
function partAbove(folders: readonly string[]): Part | null {
  const above = folders.at(-2);
  return above === undefined ? null : partOf(above);
}

/** Paths `<part>/<class>/<photo>.png`. @param whole the part of photos that have none; null for no folder */
export function classPaths(photos: readonly OutPhoto[], whole: string | null): string[] {
  const folders = classFolderNames(photos.flatMap(({ label }) => (label === null ? [] : [label])));
  return photos.map(({ id, label, part }) => {
    const above = part === null ? whole : PART_FOLDER[part];
    const folder = label === null ? UNLABELLED_FOLDER : (folders.get(label) ?? label);
    return [...(above === null ? [] : [above]), folder, `${id}.png`].join('/');
  });
}

export const imageFolderWriter: ForeignWriter = {
  format: 'image-folder',
  losses: ['opinions', 'judgement', 'library', 'folder-names', 'unlabelled'],
  unlabelled: false,
  paths: (photos) => classPaths(photos, null),
  texts: () => [],
};
