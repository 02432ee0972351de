import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { LIBRARY_FILE } from '#shared/archive/layout.ts';
import { compareText } from '#shared/dataset/random.ts';

import { openZip } from '../io/zip-read.ts';
import { classFolderLibrary } from './class-folders.ts';
import type { Library } from './library.ts';
import { openPhotoSource } from './photo-source.ts';
import { LibraryError } from './problem.ts';
import { openExport } from './read-export.ts';

/**
 * Opens a library in any of its forms: a folder of shards, one shard, or a plain folder or zip of class folders.
 * @throws LibraryError, ShardSetError, RecordError or ArchiveRefused, each naming the culprit
 */
export async function openLibrary(path: string): Promise<Library> {
  const info = await stat(path).catch(() => null);
  if (!info) throw new LibraryError(`There is no library ${path}: no such file or folder.`);
  if (!info.isDirectory()) {
    return (await isShard(path)) ? openExport([path]) : classFolderLibrary(await openPhotoSource(path));
  }
  const zips = (await readdir(path))
    .filter((name) => extname(name).toLowerCase() === '.zip')
    .sort(compareText);
  if (zips.length > 0) return openExport(zips.map((name) => join(path, name)));
  return classFolderLibrary(await openPhotoSource(path));
}

async function isShard(path: string): Promise<boolean> {
  const zip = await openZip(path);
  try {
    return zip.entries.some((e) => e.name === LIBRARY_FILE);
  } finally {
    await zip.close();
  }
}
