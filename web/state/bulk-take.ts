/** Files of a bulk identification are read again, to be taken into the library. */
import { sha256 } from '../platform/hash.ts';
import { readBulkItem } from '../storage/bulk.ts';
import type { Database } from '../storage/db.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import { readEntry } from '../workers/zip-slices.ts';
import { ChosenAgain, type ChosenFile, type ChosenFiles } from './bulk-files.ts';

/** A file that is still the one that was identified. */
export interface FileToTake {
  readonly file: File;
  /** Its identity in the library. */
  readonly photo: string;
}

/**
 * The files of some results, read again: what was changed since is another picture than the one that was identified.
 * @throws Error in words naming the first file that is missing or changed
 */
export async function filesToTake(
  db: Database<LibrarySchema>,
  job: string,
  rows: readonly number[],
  chosen: ChosenFiles,
): Promise<readonly FileToTake[]> {
  const again = new ChosenAgain(chosen.files);
  const files: FileToTake[] = [];
  for (const row of rows) {
    const item = await readBulkItem(db, job, row);
    if (!item?.photo) continue;
    const found = again.find(item);
    if (typeof found === 'string') throw new Error(`${item.path}: ${found} Nothing was taken in.`);
    const file = await fileOf(found);
    if ((await sha256(await file.arrayBuffer())) !== item.photo)
      throw new Error(`${item.path} was changed since it was identified. Nothing was taken in.`);
    files.push({ file, photo: item.photo });
  }
  return files;
}

async function fileOf({ path, content }: ChosenFile): Promise<File> {
  if (content instanceof File) return content;
  if (content instanceof Blob) return new File([content], path);
  return new File([await readEntry(content)], content.name.split('/').at(-1) ?? content.name);
}
