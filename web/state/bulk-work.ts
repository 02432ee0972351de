/** One job of bulk identification, gone on with from where it stands. */
import { filesOf } from '../platform/files.ts';
import type { Canary } from '../storage/canary.ts';
import { readBulkJob, readBulkRows, readBulkSource, storeBulkItems } from '../storage/bulk.ts';
import type { StoredBulkItem, StoredBulkJob, StoredBulkSource } from '../storage/bulk-records.ts';
import type { Database } from '../storage/db.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { ArchiveApi } from '../workers/archive.worker.ts';
import type { TypedWorker } from '../workers/spawn.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { CHOOSE_AGAIN, JobPaused, KEPT } from './bulk-entry.ts';
import { chosenFiles, type ChosenFile, type ChosenFiles } from './bulk-files.ts';
import { identifyFiles } from './bulk-through-files.ts';
import { readTrainerResults } from './bulk-trainer.ts';
import type { Problem } from './contract.ts';
import type { Crew } from './crew.ts';
import { reasonOf } from './import-tools.ts';
import type { KeptVersion, KeptVersions } from './kept-versions.ts';
import { seePhotos, unseenPhotos } from './seeing.ts';
import { track } from './work.ts';

/** What jobs work with. */
export interface BulkTools {
  readonly db: Database<LibrarySchema>;
  readonly canary: Canary;
  readonly crew: Crew;
  readonly versions: KeptVersions;
  readonly archives: TypedWorker<ArchiveApi>;
  readonly photos: readonly Photo[];
  readonly photo: (id: string) => Photo | undefined;
  /** Told of photos whose features are stored. */
  readonly learn: (photos: readonly string[]) => void;
}

/** How far a job has come. */
export interface BulkNews {
  /** Where it stands as it begins. */
  readonly begun: (job: StoredBulkJob, done: number) => void;
  /** After each complete transaction. */
  readonly stored: (done: number, items: readonly StoredBulkItem[], job: StoredBulkJob | null) => void;
}

/**
 * @param chosen files of this visit, where there are any
 * @returns false where the job was forgotten
 * @throws JobPaused, StorageError, Error in words, or the signal's reason
 */
export async function workOn(
  tools: BulkTools,
  id: string,
  chosen: ChosenFiles | null,
  news: BulkNews,
  signal: AbortSignal,
): Promise<boolean> {
  const [job, source] = await Promise.all([readBulkJob(tools.db, id), readBulkSource(tools.db, id)]);
  if (!job || !source) return false;
  switch (source.kind) {
    case 'library':
      await throughLibrary(tools, job, source.photos, news, signal);
      return true;
    case 'files':
      await throughFiles(tools, job, source, chosen, news, signal);
      return true;
    case 'results':
      news.begun(job, 0);
      await readTrainerResults(
        { ...tools, store: storing(tools, job, news) },
        job,
        tableOf(chosen, source),
        signal,
      );
      return true;
  }
}

async function throughLibrary(
  tools: BulkTools,
  job: StoredBulkJob,
  ids: readonly string[],
  news: BulkNews,
  signal: AbortSignal,
): Promise<void> {
  const { db, crew, photo, learn } = tools;
  const version = await versionOf(tools, job);
  const present = ids.flatMap((id) => photo(id) ?? []);
  const unseen = await unseenPhotos(db, version, present);
  news.begun(job, job.total - unseen.length);
  if (unseen.length === 0) return;
  const done = async (photos: number, problems: readonly Problem[]): Promise<void> => {
    const now = problems.length > 0 ? await storeBulkItems(db, job.id, [], problems) : null;
    news.stored(photos, [], now);
  };
  await seePhotos({ db, crew, stored: learn, done }, version, unseen, signal);
}

async function throughFiles(
  tools: BulkTools,
  job: StoredBulkJob,
  source: Extract<StoredBulkSource, { kind: 'files' }>,
  chosen: ChosenFiles | null,
  news: BulkNews,
  signal: AbortSignal,
): Promise<void> {
  const finished = await readBulkRows(tools.db, job.id);
  news.begun(job, finished.size);
  const rows = source.files.flatMap((file, row) => (finished.has(row) ? [] : [{ row, file }]));
  if (rows.length === 0) return;
  const files = chosen ?? (await filesAgain(source.folder));
  const version = await versionOf(tools, job);
  const store = storing(tools, job, news);
  await identifyFiles({ crew: tools.crew, job: job.id, store }, version, rows, files, signal);
}

/** @throws JobPaused where the browser does not let us */
export async function filesAgain(folder: FileSystemDirectoryHandle | null): Promise<ChosenFiles> {
  if (!folder) throw new JobPaused('files', CHOOSE_AGAIN);
  try {
    return await chosenFiles(await filesOf(folder));
  } catch {
    throw new JobPaused('files', `The folder “${folder.name}” cannot be read any more. ${CHOOSE_AGAIN}`);
  }
}

/** The table of results: the same file as before. */
function tableOf(chosen: ChosenFiles | null, { file }: Extract<StoredBulkSource, { kind: 'results' }>): File {
  const fits = ({ path, bytes, content }: ChosenFile): boolean =>
    path === file.path && bytes === file.bytes && content instanceof File;
  const found = chosen?.files.find(fits)?.content;
  if (found instanceof File) return found;
  throw new JobPaused('files', `Choose the file “${file.path}” again; nothing that was read is lost.`);
}

/** @throws JobPaused where it can no longer be had, or its number means another network now */
async function versionOf({ versions }: BulkTools, { version, network }: StoredBulkJob): Promise<KeptVersion> {
  let found: KeptVersion;
  try {
    found = await versions.open(version);
  } catch (cause) {
    throw new JobPaused('version', `${reasonOf(cause)} ${KEPT}`);
  }
  if (found.network === network) return found;
  throw new JobPaused(
    'version',
    `Version ${String(version)} is another network now than the one that began. ${KEPT}`,
  );
}

function storing(
  { db, canary }: BulkTools,
  { id }: StoredBulkJob,
  news: BulkNews,
): (items: readonly StoredBulkItem[], problems: readonly Problem[]) => Promise<void> {
  return async (items, problems) => {
    await canary.check(items.reduce((sum, { thumb }) => sum + (thumb?.byteLength ?? 0), 0));
    // An update of the app waits for the batch, never for the job.
    const job = await track(storeBulkItems(db, id, items, problems));
    if (!job) throw new Error('This identification was forgotten.');
    news.stored(items.length, items, job);
  };
}
