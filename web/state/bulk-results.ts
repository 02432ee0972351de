/** What a bulk identification has found so far, as pages see it. */
import type { Photo } from '#shared/schema/photo.ts';
import { readBulkItems } from '../storage/bulk.ts';
import type { StoredBulkItem } from '../storage/bulk-records.ts';
import { asideId, type Check } from '../storage/checks.ts';
import type { Database } from '../storage/db.ts';
import { readGuesses } from '../storage/seen.ts';
import type { LibrarySchema, StoredGuess } from '../storage/upgrades.ts';
import type { BulkResult } from './contract-bulk.ts';

/** Where results are looked up. */
export interface ResultPlace {
  readonly db: Database<LibrarySchema>;
  readonly photo: (id: string) => Photo | undefined;
  readonly checks: readonly Check[];
}

/** An item without its picture. */
export type BareItem = Pick<StoredBulkItem, 'row' | 'path' | 'photo' | 'top'>;

export function withoutThumb({ row, path, photo, top }: StoredBulkItem): BareItem {
  return { row, path, photo, top };
}

/** Guesses of a version on the photos of a job that are still in the library, in the order of the job. */
export async function libraryResults(
  { db, photo }: ResultPlace,
  version: number,
  photos: readonly string[],
): Promise<readonly BulkResult[]> {
  const tops = new Map<string, StoredGuess['top']>();
  const wanted = new Set(photos);
  await readGuesses(db, version, (page) => {
    for (const guess of page) if (wanted.has(guess.photo)) tops.set(guess.photo, guess.top);
  });
  return photos.flatMap((id): BulkResult[] => {
    const [top, present] = [tops.get(id), photo(id)];
    if (!top || !present) return [];
    return [{ key: id, photo: id, inLibrary: true, file: present.fileName, top, aside: false }];
  });
}

/** Every item of a job, without its picture, by row. */
export async function readBareItems(
  db: Database<LibrarySchema>,
  job: string,
): Promise<Map<number, BareItem>> {
  const items = new Map<number, BareItem>();
  await readBulkItems(db, job, (page) => {
    for (const item of page) items.set(item.row, withoutThumb(item));
  });
  return items;
}

/** Files that were identified, in their order; those that could not be read are problems, not results. */
export function fileResults(
  { photo, checks }: ResultPlace,
  job: string,
  items: ReadonlyMap<number, BareItem>,
): readonly BulkResult[] {
  const aside = new Set(checks.flatMap((check) => (check.kind === 'set-aside' ? [check.id] : [])));
  return [...items.values()]
    .filter(({ top }) => top.length > 0)
    .sort((a, b) => a.row - b.row)
    .map((item) => ({
      key: String(item.row),
      photo: item.photo,
      inLibrary: item.photo !== null && photo(item.photo) !== undefined,
      file: item.path,
      top: item.top,
      aside: aside.has(asideId(job, item.row)),
    }));
}
