import type { Reading } from '#shared/formats/foreign.ts';
import type { Origin, Photo } from '#shared/schema/photo.ts';
import type { Canary } from '../storage/canary.ts';
import type { Database } from '../storage/db.ts';
import type { Added } from '../storage/photos.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { LabelChoice } from './contract.ts';
import type { JobTally } from './job.svelte.ts';
import type { LibraryWorkers } from './library-workers.ts';

/** What an import works with. */
export interface ImportTools extends LibraryWorkers {
  readonly db: Database<LibrarySchema>;
  readonly canary: Canary;
}

export interface ImportOptions {
  readonly labelByFolder: boolean;
  readonly origin: Origin;
  readonly source: Photo['source'] | null;
  /** What pictures show that no folder names. */
  readonly label: LabelChoice | null;
  /** Files are kept as they came, too. */
  readonly keepOriginals: boolean;
  readonly person: string;
  /** Ids that mean unknown labels here. */
  readonly unknownIds: ReadonlySet<string>;
}

/** Running totals of an import. */
export interface Tally extends JobTally {
  /** Told after each complete transaction. */
  readonly stored: (result: Added) => void;
}

/** Remembers which lists of labels were understood; those that were not are problems. */
export function addLists(
  tally: JobTally,
  { recognised, problems }: Pick<Reading, 'recognised' | 'problems'>,
): void {
  if (recognised.length > 0) tally.lists = [...(tally.lists ?? []), ...recognised];
  tally.total += problems.length;
  for (const { file, reason } of problems) addProblem(tally, file, new Error(reason));
}

/** Counts a file that was not taken in. */
export function addProblem(tally: JobTally, file: string, cause: unknown): void {
  tally.problems.push({ file, reason: reasonOf(cause) });
  tally.done += 1;
  tally.changed();
}

export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
