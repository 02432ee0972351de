/** Which of the files are archives, what they hold, and which of them are shards of a whole export. */
import { checkShardSet, type ShardHeader } from '#shared/archive/shards.ts';
import type { Decision } from '#shared/schema/decision.ts';
import type { ArchiveOverview } from '../workers/read-archive.ts';
import { addProblem, type ImportTools, type Tally } from './import-tools.ts';

/** A zip and what it says of itself. */
export interface Archive {
  readonly file: File;
  readonly overview: ArchiveOverview;
}

/** By content first: a zip begins with one of these marks, whatever it is called. */
export async function isZip(file: File): Promise<boolean> {
  if (/\.zip$/i.test(file.name)) return true;
  try {
    const [a, b, c, d] = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    return a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6));
  } catch {
    // The file vanished meanwhile: reading it as a picture will say so.
    return false;
  }
}

/** Looks into every zip and counts what it announces; a refused one becomes a problem. */
export async function inspectAll(
  tools: ImportTools,
  files: readonly File[],
  tally: Tally,
  signal: AbortSignal,
): Promise<Archive[]> {
  const archives: Archive[] = [];
  for (const file of files) {
    try {
      const overview = await tools.archives.run<ArchiveOverview>(signal, (api) => api.inspect(file));
      archives.push({ file, overview });
      tally.total += overview.kind === 'export' ? overview.library.shard.photos : overview.pictures;
    } catch (cause) {
      signal.throwIfAborted();
      tally.total += 1;
      addProblem(tally, file.name, cause);
    }
    tally.changed();
  }
  return archives;
}

/** A shard of a whole export. */
export interface Shard extends ShardHeader {
  readonly decisions: readonly Decision[];
  readonly archive: File;
}

/** The shards of every export that is whole; of one that is not, nothing is taken and the culprits are named. */
export function wholeExports(archives: readonly Archive[], tally: Tally): Shard[] {
  const byExport = new Map<string, Shard[]>();
  for (const { file, overview } of archives) {
    if (overview.kind !== 'export') continue;
    const { library, decisions } = overview;
    const set = byExport.get(library.exportId) ?? [];
    set.push({ file: file.name, library, decisions, archive: file });
    byExport.set(library.exportId, set);
  }
  return [...byExport.values()].flatMap((set) => {
    try {
      return checkShardSet(set);
    } catch (cause) {
      tally.total += 1 - set.reduce((sum, shard) => sum + shard.library.shard.photos, 0);
      addProblem(tally, set.map((shard) => shard.file).join(', '), cause);
      return [];
    }
  });
}
