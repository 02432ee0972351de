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
  const shards = await shardsAt(path);
  return shards.length > 0 ? openExport(shards) : classFolderLibrary(await openPhotoSource(path));
}

/** Whether there are export shards at a path, and not plain photos. */
export async function isExport(path: string): Promise<boolean> {
  return (await shardsAt(path)).length > 0;
}

/** Zips of a folder, or the one zip when it holds a library; none for plain photos. */
async function shardsAt(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => null);
  if (!info) throw new LibraryError(`There is no library ${path}: no such file or folder.`);
  if (!info.isDirectory()) return (await holdsLibrary(path)) ? [path] : [];
  const names = (await readdir(path)).filter((name) => extname(name).toLowerCase() === '.zip');
  return names.sort(compareText).map((name) => join(path, name));
}

async function holdsLibrary(path: string): Promise<boolean> {
  const zip = await openZip(path);
  try {
    return zip.entries.some((e) => e.name === LIBRARY_FILE);
  } finally {
    await zip.close();
  }
}
