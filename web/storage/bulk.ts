/** Bulk identifications: jobs, what they go through, and results for files outside the library. */
import {
  bulkItemRecord,
  bulkJobRecord,
  itemId,
  type StoredBulkItem,
  type StoredBulkJob,
  type StoredBulkSource,
} from './bulk-records.ts';
import type { Database, Writing } from './db.ts';
import type { LibrarySchema } from './upgrades.ts';

/** Records a page: an item has a thumbnail of some kilobytes. */
const PAGE = 500;
/** Problems that a job remembers. */
export const MOST_PROBLEMS = 1000;

type Problem = StoredBulkJob['problems'][number];

/** A new job and what it goes through, in one transaction. */
export function createBulkJob(
  db: Database<LibrarySchema>,
  job: StoredBulkJob,
  source: StoredBulkSource,
): Promise<void> {
  return db.write(['bulkJobs', 'bulkSources'], async (tx) => {
    await tx.objectStore('bulkJobs').put(job);
    await tx.objectStore('bulkSources').put(source, job.id);
  });
}

/** Every job, newest first. Damaged ones are passed over. */
export async function readBulkJobs(db: Database<LibrarySchema>): Promise<StoredBulkJob[]> {
  const all = await db.read(['bulkJobs'], (tx) => tx.objectStore('bulkJobs').getAll());
  return all
    .flatMap((stored) => readOr(() => bulkJobRecord.read(stored, 'job')))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Null where it was forgotten. @throws RecordError where it is damaged */
export async function readBulkJob(db: Database<LibrarySchema>, job: string): Promise<StoredBulkJob | null> {
  const stored = await db.read(['bulkJobs'], (tx) => tx.objectStore('bulkJobs').get(job));
  return stored ? bulkJobRecord.read(stored, `identification ${job}`) : null;
}

export async function readBulkSource(
  db: Database<LibrarySchema>,
  job: string,
): Promise<StoredBulkSource | null> {
  return (await db.read(['bulkSources'], (tx) => tx.objectStore('bulkSources').get(job))) ?? null;
}

/**
 * Results of some files, and the problems met on the way, in one transaction. A job that was forgotten meanwhile gets
 * nothing.
 * @returns the job as it is now; null where it was forgotten
 */
export function storeBulkItems(
  db: Database<LibrarySchema>,
  job: string,
  items: readonly StoredBulkItem[],
  problems: readonly Problem[],
): Promise<StoredBulkJob | null> {
  return db.write(['bulkJobs', 'bulkItems'], async (tx) => {
    const present = await change(tx, job, (stored) => withProblems(stored, problems));
    if (present) for (const item of items) await tx.objectStore('bulkItems').put(item);
    return present;
  });
}

/** @returns the job as it is now; null where it was forgotten */
export function changeBulkJob(
  db: Database<LibrarySchema>,
  job: string,
  changes: Partial<Pick<StoredBulkJob, 'state' | 'total'>>,
): Promise<StoredBulkJob | null> {
  return db.write(['bulkJobs'], (tx) => change(tx, job, (stored) => ({ ...stored, ...changes })));
}

async function change(
  tx: Pick<Writing<LibrarySchema>, 'objectStore'>,
  id: string,
  to: (stored: StoredBulkJob) => StoredBulkJob,
): Promise<StoredBulkJob | null> {
  const stored = await tx.objectStore('bulkJobs').get(id);
  if (!stored) return null;
  const changed = to(stored);
  await tx.objectStore('bulkJobs').put(changed);
  return changed;
}

function withProblems(job: StoredBulkJob, problems: readonly Problem[]): StoredBulkJob {
  return { ...job, problems: [...job.problems, ...problems].slice(0, MOST_PROBLEMS) };
}

/** A job with all that belongs to it. */
export async function deleteBulkJob(db: Database<LibrarySchema>, job: string): Promise<void> {
  await db.write(['bulkJobs', 'bulkSources', 'bulkItems'], async (tx) => {
    await tx.objectStore('bulkJobs').delete(job);
    await tx.objectStore('bulkSources').delete(job);
    await tx.objectStore('bulkItems').delete(itemsOf(job));
  });
}

/** The rows of a job that are done. Keys alone are read. */
export async function readBulkRows(db: Database<LibrarySchema>, job: string): Promise<ReadonlySet<number>> {
  const keys = await db.read(['bulkItems'], (tx) => tx.objectStore('bulkItems').getAllKeys(itemsOf(job)));
  return new Set(keys.map((key) => Number(key.slice(job.length + 1))));
}

export function countBulkItems(db: Database<LibrarySchema>, job: string): Promise<number> {
  return db.read(['bulkItems'], (tx) => tx.objectStore('bulkItems').count(itemsOf(job)));
}

/** The results of a job in the order of its source, in pages. Damaged ones are passed over. */
export async function readBulkItems(
  db: Database<LibrarySchema>,
  job: string,
  take: (page: readonly StoredBulkItem[]) => void,
): Promise<void> {
  let from = itemId(job, 0);
  for (;;) {
    const range = IDBKeyRange.bound(from, itemId(job, MOST_ROWS));
    const page = await db.read(['bulkItems'], (tx) => tx.objectStore('bulkItems').getAll(range, PAGE));
    take(page.flatMap((stored) => readOr(() => bulkItemRecord.read(stored, 'result'))));
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    from = itemId(job, last.row + 1);
  }
}

export async function readBulkItem(
  db: Database<LibrarySchema>,
  job: string,
  row: number,
): Promise<StoredBulkItem | null> {
  return (await db.read(['bulkItems'], (tx) => tx.objectStore('bulkItems').get(itemId(job, row)))) ?? null;
}

const MOST_ROWS = 99_999_999;

function itemsOf(job: string): IDBKeyRange {
  return IDBKeyRange.bound(itemId(job, 0), itemId(job, MOST_ROWS));
}

function readOr<T>(read: () => T): T[] {
  try {
    return [read()];
  } catch {
    return [];
  }
}
