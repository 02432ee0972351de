/** The export of the library as a zip for another program. */
import { fileName } from '#shared/archive/layout.ts';
import { isWanted, type ForeignWish } from '#shared/formats/selection.ts';
import { PARTS, type Part } from '#shared/schema/dataset.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { clearWorkingFiles } from '../platform/out-file.ts';
import { readParts } from '../storage/parts.ts';
import { callback } from '../workers/spawn.ts';
import type { ForeignContent } from '../workers/write-foreign.ts';
import { brokenProblem, type ExportResult, type ExportTools } from './exporting.ts';

/** Ids of the photos that the plan puts in each part. */
export type PlannedParts = Readonly<Record<Part, readonly string[]>>;

/** What a zip for another program needs. */
export interface ForeignTools extends Omit<ExportTools, 'remember'> {
  readonly photos: readonly Photo[];
  readonly planned: (signal: AbortSignal) => Promise<PlannedParts>;
}

/**
 * @param name of the export; the zip is called after it and the format
 * @param progress in photos
 * @throws Error in words for people
 */
export async function exportForeign(
  tools: ForeignTools,
  name: string,
  wish: ForeignWish,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<ExportResult> {
  const content = await contentOf(tools, wish, signal);
  const total = content.photos.length;
  if (total === 0) throw new Error('No photo would be in it, so nothing was written.');
  progress(0, total);
  const zip = `${fileName(name)}-${wish.format}.zip`;
  const told = callback((done: number) => {
    progress(done, total);
  });
  try {
    const saved = await tools.archives.run(signal, (api) => api.saveForeign(tools.place, zip, content, told));
    if (saved.download) tools.deliver(zip, saved.download);
    const leftOut = new Set<string>(saved.leftOut);
    const problems = content.photos.filter((photo) => leftOut.has(photo.id)).map(brokenProblem);
    return { exported: total - leftOut.size, problems };
  } catch (cause) {
    await clearWorkingFiles(tools.place, [zip]);
    signal.throwIfAborted();
    throw inWords(cause);
  }
}

/** In an order of its own, so that the same library gives the same file. */
async function contentOf(
  { db, photos, planned }: ForeignTools,
  wish: ForeignWish,
  signal: AbortSignal,
): Promise<ForeignContent> {
  const { subClasses, unknownLabels } = await readParts(db);
  const parts = wish.parts ? byPhoto(await planned(signal)) : null;
  const chosen = photos.filter((photo) => isWanted(photo, wish) && (parts?.has(photo.id) ?? true));
  return {
    format: wish.format,
    photos: chosen.sort((a, b) => (a.id < b.id ? -1 : 1)),
    names: new Map([...subClasses, ...unknownLabels].map((label) => [label.id, label.name])),
    parts,
  };
}

function byPhoto(planned: PlannedParts): Map<string, Part> {
  return new Map(PARTS.flatMap((part) => planned[part].map((id) => [id, part] as const)));
}

/** Errors of the browser's file system say little to people. */
function inWords(cause: unknown): unknown {
  switch (cause instanceof Error ? cause.name : '') {
    case 'QuotaExceededError':
      return new Error(
        'There is no room left for the export, and nothing of it was kept. Make room, then start again.',
      );
    case 'NotAllowedError':
    case 'NotFoundError':
    case 'NoModificationAllowedError':
      return new Error('The folder can no longer be written to. Start again, and choose the folder anew.');
    default:
      return cause;
  }
}
