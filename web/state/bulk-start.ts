/** From what somebody wishes to a job that can be gone on with, whatever happens. */
import type { StoredBulkJob, StoredBulkSource } from '../storage/bulk-records.ts';
import type { ArchiveApi } from '../workers/archive.worker.ts';
import type { IdentifiedOverview } from '../workers/read-identified.ts';
import type { TypedWorker } from '../workers/spawn.ts';
import { chosenFiles, type ChosenFiles } from './bulk-files.ts';
import type { Problem } from './contract.ts';
import type { BulkWish } from './contract-bulk.ts';
import type { KeptVersion } from './kept-versions.ts';

/** A job that nobody has worked on yet. */
export interface NewBulkJob {
  readonly job: StoredBulkJob;
  readonly source: StoredBulkSource;
  /** The files themselves, as long as this page lives; null where there are none. */
  readonly chosen: ChosenFiles | null;
}

interface Content {
  readonly name: string;
  readonly total: number;
  readonly problems: readonly Problem[];
  readonly source: StoredBulkSource;
  readonly chosen: ChosenFiles | null;
}

/** @throws Error in words where nothing is to be done */
export async function newBulkJob(
  wish: BulkWish,
  { version, network, labels, threshold }: KeptVersion,
  by: string,
  archives: TypedWorker<ArchiveApi>,
): Promise<NewBulkJob> {
  const classes = labels.map(({ id }) => id);
  const { name, total, problems, source, chosen } = await contentOf(wish, classes, archives);
  const job: StoredBulkJob = {
    v: 1,
    id: crypto.randomUUID(),
    name: name.slice(0, 400),
    kind: wish.kind,
    version: version as StoredBulkJob['version'],
    network: wish.kind === 'results' ? null : network,
    labels: labels.map(({ id, name: named, subClasses }) => ({
      id,
      name: named,
      subClasses: [...subClasses],
    })),
    threshold,
    by,
    at: new Date().toISOString(),
    total,
    state: 'open',
    problems: [...problems],
  };
  return { job, source, chosen };
}

async function contentOf(
  wish: BulkWish,
  classes: readonly string[],
  archives: TypedWorker<ArchiveApi>,
): Promise<Content> {
  switch (wish.kind) {
    case 'library': {
      if (wish.photos.length === 0) throw new Error('No photo is chosen.');
      const source = { kind: 'library' as const, photos: [...wish.photos] };
      return { name: wish.name, total: wish.photos.length, problems: [], source, chosen: null };
    }
    case 'files': {
      const chosen = await chosenFiles(wish.files);
      const [first] = chosen.problems;
      if (chosen.files.length === 0)
        throw new Error(first ? `${first.file}: ${first.reason}` : 'There is no picture among these files.');
      const files = chosen.files.map(({ path, bytes }) => ({ path, bytes }));
      const source = { kind: 'files' as const, folder: wish.folder, files };
      return { name: wish.name, total: files.length, problems: chosen.problems, source, chosen };
    }
    case 'results': {
      const { file } = wish;
      const { rows } = await archives.run<IdentifiedOverview>(NEVER, (api) =>
        api.inspectIdentified(file, classes),
      );
      if (rows === 0) throw new Error('There is no result in this file.');
      const source = { kind: 'results' as const, file: { path: file.name, bytes: file.size } };
      const chosen = { files: [{ ...source.file, content: file }], problems: [] };
      return { name: file.name, total: rows, problems: [], source, chosen };
    }
  }
}

const NEVER = new AbortController().signal;
