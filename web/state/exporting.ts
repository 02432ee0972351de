/** The export of the whole library as zip shards, one after the other; what was cut short is gone on with. */
import { shardName } from '#shared/archive/layout.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { clearWorkingFiles, type OutPlace } from '../platform/out-file.ts';
import type { Database } from '../storage/db.ts';
import type { ExportPlan } from '../storage/export-plan.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { ArchiveApi } from '../workers/archive.worker.ts';
import { callback, type TypedWorker } from '../workers/spawn.ts';
import type { ShardContent } from '../workers/write-archive.ts';
import type { Problem } from './contract.ts';
import { fingerprintOf, newPlan, sampleOf, shardsOf, type ExportContent } from './export-plan.ts';

/** Images that are looked at to learn how large they are. */
const SAMPLE = 64;

export interface ExportTools {
  readonly db: Database<LibrarySchema>;
  readonly archives: TypedWorker<ArchiveApi>;
  readonly place: OutPlace;
  /** Hands a finished shard to the person's downloads. */
  readonly deliver: (name: string, content: Blob) => void;
  /** Told after each shard that is safe. */
  readonly remember: (plan: ExportPlan) => Promise<void>;
}

export interface ExportResult {
  readonly exported: number;
  /** Photos whose image is damaged on this device; they are not in the export. */
  readonly problems: readonly Problem[];
}

/**
 * Settles what an export will be: the one that was cut short where it fits the library still, else a new one.
 * @param unfinished the one that was cut short, where it is wanted
 */
export async function settlePlan(
  { archives, place }: ExportTools,
  content: ExportContent,
  name: string,
  unfinished: ExportPlan | null,
  signal: AbortSignal,
): Promise<ExportPlan> {
  const library = await fingerprintOf(content);
  if (unfinished?.library === library && unfinished.place === place.kind) return unfinished;
  const sample = sampleOf(content.photos, SAMPLE);
  const mean = await archives.run(signal, (api) => api.meanImageBytes(sample));
  return newPlan(name, place.kind, library, content.photos.length, mean);
}

/**
 * Writes all shards that are not written yet; each is read back before it counts.
 * @param progress in photos
 * @throws Error in words for people: the disk, the folder, a shard that did not come back as it was written
 */
export async function exportLibrary(
  tools: ExportTools,
  content: ExportContent,
  settled: ExportPlan,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<ExportResult> {
  let plan = settled;
  const total = content.photos.length;
  const shards = shardsOf(plan);
  await tools.remember(plan);
  for (const [i, { from, to }] of shards.entries()) {
    progress(from, total);
    const [index, of] = [i + 1, shards.length];
    const name = shardName(plan.name, index, of);
    if (plan.done.includes(index) && (await isThere(tools, plan, name, index, of, signal))) continue;
    const photos = content.photos.slice(from, to);
    const shard = shardContent(content, plan, photos, index, of);
    const told = (n: number): void => {
      progress(from + n, total);
    };
    const leftOut = await write(tools, name, shard, told, signal);
    const before = new Set<string>(photos.map((photo) => photo.id));
    plan = {
      ...plan,
      done: [...plan.done.filter((n) => n !== index), index],
      leftOut: [...plan.leftOut.filter((id) => !before.has(id)), ...leftOut],
    };
    await tools.remember(plan);
  }
  const leftOut = new Set<string>(plan.leftOut);
  return {
    exported: total - leftOut.size,
    problems: content.photos.filter((photo) => leftOut.has(photo.id)).map(brokenProblem),
  };
}

/** What was downloaded cannot be looked at again; what lies in a folder can. */
async function isThere(
  { place, archives }: ExportTools,
  { exportId }: ExportPlan,
  name: string,
  index: number,
  of: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (place.kind === 'downloads') return true;
  return archives.run(signal, (api) => api.isShard(place.folder, name, { exportId, index, of }));
}

async function write(
  { place, archives, deliver }: ExportTools,
  name: string,
  content: ShardContent,
  progress: (photos: number) => void,
  signal: AbortSignal,
): Promise<readonly Photo['id'][]> {
  const told = callback(progress);
  try {
    const saved = await archives.run(signal, (api) => api.saveShard(place, name, content, told));
    if (saved.download) deliver(name, saved.download);
    return saved.leftOut;
  } catch (cause) {
    await clearWorkingFiles(place, [name]);
    signal.throwIfAborted();
    throw inWords(cause);
  }
}

function shardContent(
  { library, decisions }: ExportContent,
  { name, exportId, exportedAt, photos: all }: ExportPlan,
  photos: readonly Photo[],
  index: number,
  of: number,
): ShardContent {
  return {
    plan: { ...library, name, exportId, exportedAt, photos: all, shard: { index, of } },
    photos,
    decisions: index === 1 ? decisions : [],
  };
}

/** Errors of the browser's file system say little to people. */
function inWords(cause: unknown): unknown {
  switch (cause instanceof Error ? cause.name : '') {
    case 'QuotaExceededError':
      return new Error(
        'There is no room left for the next part of the export. The parts before it are whole: make room, then go on.',
      );
    case 'NotAllowedError':
    case 'NotFoundError':
    case 'NoModificationAllowedError':
      return new Error(
        'The folder can no longer be written to. The parts before are whole: go on, and choose the folder again.',
      );
    default:
      return cause;
  }
}

/** A photo that is not in an export. */
export function brokenProblem(photo: Photo): Problem {
  return {
    file: photo.fileName,
    reason:
      'Its image is damaged on this device and was left out. Add the original photo again to repair it; the label is kept.',
  };
}
