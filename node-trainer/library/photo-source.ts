import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

import { compareText } from '#shared/dataset/random.ts';

import { openZip } from '../io/zip-read.ts';
import { LibraryError } from './problem.ts';

/** One file that may be a photo. */
export interface PhotoFile {
  /** Path inside the source, with `/`. */
  readonly path: string;
  /** Name of its class folder; null for a file that lies in none. */
  readonly folder: string | null;
  readonly bytes: number;
  readonly read: () => Promise<Uint8Array>;
}

/** Photos in a folder or a zip, in the order of their paths. */
export interface PhotoSource {
  readonly name: string;
  readonly kind: 'folder' | 'zip';
  readonly files: readonly PhotoFile[];
  /** Paths that are no photos by their names: notes, hidden files. */
  readonly ignored: readonly string[];
  readonly close: () => Promise<void>;
}

const PHOTO = new Set([
  '.jpg',
  '.jpeg',
  '.png',
  '.webp',
  '.gif',
  '.avif',
  '.heic',
  '.heif',
  '.tif',
  '.tiff',
  '.bmp',
]);

/**
 * Opens a folder or zip of photos, with or without class folders.
 * @throws LibraryError where there is nothing of the name or no photo in it, ArchiveRefused for a hostile zip
 */
export async function openPhotoSource(path: string): Promise<PhotoSource> {
  const info = await stat(path).catch(() => null);
  if (!info) throw new LibraryError(`There is no file or folder ${path}.`);
  const source = info.isDirectory() ? await openFolder(path) : await openArchive(path);
  if (source.files.length > 0) return source;
  await source.close();
  throw new LibraryError(
    `${path} holds no photos. Expected folders named like classes with JPEG, PNG or WebP files.`,
  );
}

type Found = Omit<PhotoFile, 'folder'>;

async function openFolder(root: string): Promise<PhotoSource> {
  const found: Found[] = [];
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) continue;
    const info = await stat(file).catch(() => null);
    if (!info?.isFile()) continue;
    const path = file
      .slice(join(root, 'x').length - 1)
      .replaceAll('\\', '/')
      .normalize('NFC');
    found.push({ path, bytes: info.size, read: () => readFile(file) });
  }
  return { name: basename(root), kind: 'folder', ...sort(found), close: () => Promise.resolve() };
}

async function openArchive(path: string): Promise<PhotoSource> {
  const zip = await openZip(path);
  const found = zip.entries.map((entry) => ({
    path: entry.name,
    bytes: entry.bytes,
    read: () => zip.read(entry),
  }));
  return { name: basename(path, extname(path)), kind: 'zip', ...sort(found), close: () => zip.close() };
}

function sort(found: readonly Found[]): Pick<PhotoSource, 'files' | 'ignored'> {
  const ordered = found.toSorted((a, b) => compareText(a.path, b.path));
  const photos = ordered.filter((f) => isPhoto(f.path));
  const skip = wrapping(photos.map((f) => f.path.split('/')));
  const files = photos.map((f) => {
    const parts = f.path.split('/').slice(skip);
    return { ...f, folder: parts.length > 1 ? (parts[0] ?? null) : null };
  });
  return { files, ignored: ordered.filter((f) => !isPhoto(f.path)).map((f) => f.path) };
}

/** Hidden files and what systems leave behind in folders and zips are no photos. */
function isPhoto(path: string): boolean {
  const hidden = path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
  return !hidden && PHOTO.has(extname(path).toLowerCase());
}

/** How many outer folders only wrap the class folders: `Zoo/Image_Library/lion/1.jpg` → 2. */
function wrapping(paths: readonly (readonly string[])[]): number {
  let skip = 0;
  while (paths.length > 0 && paths.every((p) => p.length - skip >= 3 && p[skip] === paths[0]?.[skip]))
    skip += 1;
  return skip;
}
