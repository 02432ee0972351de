/** A bulk identification of files that are outside the library. */
import { itemId, type StoredBulkItem } from '../storage/bulk-records.ts';
import type { Picture } from '../workers/look-many.ts';
import { JobPaused } from './bulk-entry.ts';
import { ChosenAgain, type BulkRow, type ChosenFiles } from './bulk-files.ts';
import type { Problem } from './contract.ts';
import type { Crew } from './crew.ts';
import type { KeptVersion } from './kept-versions.ts';
import { lookThrough, type Answer } from './look-through.ts';

/** By mistake, most likely: not all of it is to become a problem. */
const NONE_OF_THEM = 'None of these files belongs to this identification. Choose the same ones again.';

/** What going through files works with. */
export interface FileTools {
  readonly crew: Crew;
  readonly job: string;
  /** Stores a batch in one transaction. */
  readonly store: (items: readonly StoredBulkItem[], problems: readonly Problem[]) => Promise<void>;
}

/**
 * Identifies files. One that is missing, changed or no picture becomes a problem and the job goes on; no more files are
 * read than go through the network at a time.
 * @param rows those that are not done yet
 * @throws JobPaused where none of them is there; StorageError, Error where no engine works, or the signal's reason
 */
export async function identifyFiles(
  { crew, job, store }: FileTools,
  version: KeptVersion,
  rows: readonly BulkRow[],
  chosen: ChosenFiles,
  signal: AbortSignal,
): Promise<void> {
  const wish = { size: version.canonicalSize, features: false, file: true };
  const again = new ChosenAgain(chosen.files);
  if (!rows.some(({ file }) => again.has(file))) throw new JobPaused('files', NONE_OF_THEM);
  /** Why a row has no picture, until its batch is stored. */
  const missing = new Map<number, string>();
  let at = 0;
  const source = {
    next: (most: number) => rows.slice(at, (at += most)),
    keyOf: ({ row }: BulkRow) => String(row),
    pictures: (batch: readonly BulkRow[]) =>
      Promise.resolve(
        batch.flatMap(({ row, file }): Picture[] => {
          const found = again.find(file);
          if (typeof found !== 'string') return [{ key: String(row), bytes: found.content }];
          missing.set(row, found);
          return [];
        }),
      ),
    store: async (answers: readonly Answer<BulkRow>[]) => {
      const made = answers.map((answer) => itemOf(job, answer, version, missing));
      await store(
        made.map(({ item }) => item),
        made.flatMap(({ problem }) => (problem ? [problem] : [])),
      );
    },
  };
  await lookThrough(crew, version, wish, source, signal);
}

function itemOf(
  job: string,
  { item: { row, file }, looked }: Answer<BulkRow>,
  { labels }: Pick<KeptVersion, 'labels'>,
  missing: Map<number, string>,
): { readonly item: StoredBulkItem; readonly problem: Problem | null } {
  const base = { v: 1 as const, id: itemId(job, row), job, row, path: file.path, bytes: file.bytes };
  if (looked?.kind === 'seen') {
    const top = looked.top.flatMap(({ output, score }) => {
      const label = labels[output]?.id;
      return label === undefined ? [] : [{ label, score }];
    });
    const photo = looked.file?.sha256 ?? null;
    return { item: { ...base, photo, top, thumb: looked.file?.thumb ?? null }, problem: null };
  }
  const reason = looked?.reason ?? missing.get(row) ?? 'It could not be read.';
  missing.delete(row);
  return { item: { ...base, photo: null, top: [], thumb: null }, problem: { file: file.path, reason } };
}
