/** Files that a bulk identification goes through: pictures and what is in zips, known by path and size. */
import { isSystemLitter } from '#shared/archive/layout.ts';
import { isAnnotationName } from '#shared/formats/format.ts';
import { isImageName } from '#shared/formats/matching.ts';
import type { BulkFile } from '../storage/bulk-records.ts';
import type { Picture } from '../workers/look-many.ts';
import { zippedFiles } from '../workers/zip-slices.ts';
import type { Problem } from './contract.ts';
import { isZip } from './import-archives.ts';
import { pathOf } from './import-sources.ts';
import { reasonOf } from './import-tools.ts';

/** A picture that somebody chose; it is read when its turn comes. */
export interface ChosenFile extends BulkFile {
  readonly content: Exclude<Picture['bytes'], ArrayBuffer>;
}

/** What is among the files: pictures in their order, and zips that are refused as a whole. */
export interface ChosenFiles {
  readonly files: readonly ChosenFile[];
  readonly problems: readonly Problem[];
}

/** Of files only names and sizes are looked at, of zips only the directory. */
export async function chosenFiles(all: readonly File[]): Promise<ChosenFiles> {
  const files: ChosenFile[] = [];
  const problems: Problem[] = [];
  for (const file of all) {
    const path = pathOf(file);
    if (isSystemLitter(path) || isAnnotationName(path)) continue;
    if (isImageName(path) || !(await isZip(file))) {
      files.push({ path, bytes: file.size, content: file });
      continue;
    }
    try {
      files.push(...(await picturesIn(file)));
    } catch (cause) {
      problems.push({ file: path, reason: reasonOf(cause) });
    }
  }
  return { files, problems };
}

async function picturesIn(archive: File): Promise<ChosenFile[]> {
  const entries = await zippedFiles(archive);
  return entries
    .filter(({ name }) => isImageName(name))
    .map((entry) => ({
      path: `${pathOf(archive)}/${entry.name}`,
      bytes: entry.uncompressedBytes,
      content: entry,
    }));
}

/** Files that were chosen on this visit, by job. */
export function chosenByJob(): Map<string, ChosenFiles> {
  return new Map();
}

/** A file of a job, by its place in it. */
export interface BulkRow {
  readonly row: number;
  readonly file: BulkFile;
}

/** Finds the files of a job among those that were chosen, perhaps again and in another way. */
export class ChosenAgain {
  readonly #byPath = new Map<string, ChosenFile[]>();
  readonly #byName = new Map<string, ChosenFile[]>();

  constructor(files: readonly ChosenFile[]) {
    for (const file of files) {
      add(this.#byPath, file.path, file);
      add(this.#byName, nameOf(file), file);
    }
  }

  has(file: BulkFile): boolean {
    return this.#same(file).some(({ bytes }) => bytes === file.bytes);
  }

  /** The file of this path and size, or why it is not there. Of several files of one path each is found once. */
  find(file: BulkFile): ChosenFile | string {
    const same = this.#same(file);
    if (same.length === 0) return 'It is not among the files that were chosen.';
    const at = same.findIndex(({ bytes }) => bytes === file.bytes);
    const found = same[at];
    if (!found) return 'It has another size than when the identification began: it was changed.';
    // The last one stays: it may be asked for again.
    if (same.length > 1) same.splice(at, 1);
    return found;
  }

  /** By its path; where it was chosen in another way (a folder, its pictures), by a name that is one file's alone. */
  #same(file: BulkFile): ChosenFile[] {
    const named = this.#byName.get(nameOf(file)) ?? [];
    return this.#byPath.get(file.path) ?? (named.length === 1 ? named : []);
  }
}

function add(map: Map<string, ChosenFile[]>, key: string, file: ChosenFile): void {
  const same = map.get(key);
  if (same) same.push(file);
  else map.set(key, [file]);
}

function nameOf({ path }: BulkFile): string {
  return path.split('/').at(-1) ?? path;
}
