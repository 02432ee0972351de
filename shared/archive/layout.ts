import * as v from 'valibot';

import { PhotoId, type LabelId } from '../schema/names.ts';
import { distinctPart, readablePart } from './safe-part.ts';

/** Folder of the pictures inside an export, with a folder for each sub-class (P5-02). */
export const LIBRARY_FOLDER = 'Image_Library';
/** Stands in for a sub-class where a photo has no label. No sub-class gets a folder that begins with `_`. */
export const UNLABELLED_FOLDER = '_unlabelled';
/** One record a line for the photos in this shard. */
export const PHOTOS_FILE = 'photos.ndjson';
/** One decision on look-alikes a line; in the first shard only, and only where there are some. */
export const DECISIONS_FILE = 'decisions.ndjson';
/** Everything else that a shard says: `LibraryFile`. */
export const LIBRARY_FILE = 'library.json';

/** Longest folder or file name made from a person's text, in bytes as UTF-8. */
const LONGEST = 80;

/**
 * A folder for a sub-class: readable for ordinary names, safe on every system, different for different ids also
 * where case does not count. Whatever had to be altered gets a mark of the whole id behind `~`.
 * For writers only: which letters count as letters depends on a runtime's Unicode version, so readers find a photo's
 * entry by the id in its path (`parsePhotoPath`) and its label in its record.
 */
export function folderName(id: LabelId): string {
  return distinctPart(id, LONGEST);
}

/**
 * Folders of several sub-classes.
 * @throws Error when two would share a folder, against all odds (64 bits)
 */
export function folderNames(ids: Iterable<LabelId>): Map<LabelId, string> {
  const folders = new Map<LabelId, string>();
  const owners = new Map<string, LabelId>();
  for (const id of ids) {
    const folder = folderName(id);
    const owner = owners.get(folder) ?? id;
    if (owner !== id) throw new Error(`The labels "${owner}" and "${id}" would share the folder "${folder}"`);
    owners.set(folder, id);
    folders.set(id, folder);
  }
  return folders;
}

/** The folder in which a photo with this label goes; null = not labelled. */
export function labelFolder(label: LabelId | null): string {
  return label === null ? UNLABELLED_FOLDER : folderName(label);
}

/** `Image_Library/red panda/<photo id>.png` */
export function photoPath(folder: string, photoId: string): string {
  return `${LIBRARY_FOLDER}/${folder}/${photoId}.png`;
}

/** Reads such a path; null for any other. */
export function parsePhotoPath(path: string): { readonly folder: string; readonly photo: PhotoId } | null {
  const match = /^Image_Library\/([^/]+)\/([^/]+)\.png$/.exec(path);
  const photo = v.safeParse(PhotoId, match?.[2]);
  return match?.[1] !== undefined && photo.success ? { folder: match[1], photo: photo.output } : null;
}

/** `<name>-001-of-003.zip`; `index` counts from 1. */
export function shardName(name: string, index: number, of: number): string {
  return `${fileName(name)}-${pad(index)}-of-${pad(of)}.zip`;
}

/** Reads such a name, also with the " (1)" that browsers add to a repeated download; null for any other. */
export function parseShardName(
  file: string,
): { readonly name: string; readonly index: number; readonly of: number } | null {
  const match = /^(.+)-(\d{3,6})-of-(\d{3,6})(?: ?\(\d{1,4}\))?\.zip$/i.exec(file);
  const [name, index, of] = [match?.[1], Number(match?.[2]), Number(match?.[3])];
  return name !== undefined && index >= 1 && index <= of ? { name, index, of } : null;
}

/** A name from a person as the beginning of a file's name. */
export function fileName(name: string): string {
  return readablePart(name, LONGEST) || 'library';
}

/** Files that operating systems leave in archives and folders: to be skipped without a word. */
export function isSystemLitter(path: string): boolean {
  return /(^|\/)(__MACOSX(\/|$)|\._[^/]*$|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i.test(path);
}

function pad(n: number): string {
  return String(n).padStart(3, '0');
}
