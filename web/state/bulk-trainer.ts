/** Results of the trainer's bulk identification come in: guesses on photos of the library, items for all. */
import type { IdentifiedLine } from '#shared/formats/identified-rows.ts';
import type { LabelId } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { itemId, type StoredBulkItem, type StoredBulkJob } from '../storage/bulk-records.ts';
import type { Database } from '../storage/db.ts';
import { storeReadGuesses } from '../storage/seen.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { ArchiveApi } from '../workers/archive.worker.ts';
import { baseName, type IdentifiedOverview } from '../workers/read-identified.ts';
import { callback, type TypedWorker } from '../workers/spawn.ts';
import type { Problem } from './contract.ts';

export interface TrainerTools {
  readonly db: Database<LibrarySchema>;
  readonly archives: TypedWorker<ArchiveApi>;
  readonly photos: readonly Photo[];
  readonly store: (items: readonly StoredBulkItem[], problems: readonly Problem[]) => Promise<void>;
}

/**
 * Reads the table from its beginning: what was stored before is stored again, the same. Rows go to photos by their
 * identity, or by a file's name where one row and one photo have it.
 * @throws StorageError, Error in words, or the signal's reason
 */
export async function readTrainerResults(
  tools: TrainerTools,
  job: StoredBulkJob,
  file: File,
  signal: AbortSignal,
): Promise<void> {
  const classes = job.labels.map(({ id }) => id);
  const overview = await tools.archives.run<IdentifiedOverview>(signal, (api) =>
    api.inspectIdentified(file, classes),
  );
  const named =
    overview.format === 'csv' ? photosByName(tools.photos, overview.twice) : new Map<string, string>();
  const broken: unknown[] = [];
  const sink = callback(async (lines: readonly IdentifiedLine[]): Promise<void> => {
    try {
      signal.throwIfAborted();
      await keep(tools, job, file.name, lines, named);
    } catch (cause) {
      // Across the wall an error loses its type; here it is kept for the caller.
      broken.push(cause);
      throw cause;
    }
  });
  try {
    await tools.archives.run(signal, (api) => api.readIdentified(file, classes, sink));
  } catch (cause) {
    throw broken[0] ?? cause;
  }
}

async function keep(
  { db, store }: TrainerTools,
  job: StoredBulkJob,
  fileName: string,
  lines: readonly IdentifiedLine[],
  named: ReadonlyMap<string, string>,
): Promise<void> {
  const items: StoredBulkItem[] = [];
  const problems: Problem[] = [];
  for (const found of lines) {
    // Lines count from 1 for people.
    const row = found.line - 1;
    const base = { v: 1 as const, id: itemId(job.id, row), job: job.id, row, bytes: 0, thumb: null };
    if (found.kind === 'refused') {
      problems.push({ file: `${fileName}, line ${String(found.line)}`, reason: found.reason });
      items.push({ ...base, path: `line ${String(found.line)}`, photo: null, top: [] });
      continue;
    }
    const { file, top } = found.row;
    const photo = found.row.photo ?? named.get(baseName(file)) ?? null;
    // The reader compared every class with the version's own ids.
    items.push({ ...base, path: file, photo, top: top as { label: LabelId; score: number }[] });
  }
  const known = items.flatMap(({ photo, top }) => (photo === null ? [] : [{ photo, top }]));
  await storeReadGuesses(db, known, { version: job.version, at: job.at });
  await store(items, problems);
}

/** Photos whose file's name is theirs alone, in the library and in the table. */
function photosByName(photos: readonly Photo[], twice: readonly string[]): Map<string, string> {
  const ambiguous = new Set(twice);
  const named = new Map<string, string>();
  for (const { id, fileName } of photos) {
    if (named.has(fileName)) ambiguous.add(fileName);
    named.set(fileName, id);
  }
  for (const name of ambiguous) named.delete(name);
  return named;
}
