/** Lets workers prepare pictures and read archives, one find after the other. */
import type { Reading } from '#shared/formats/foreign.ts';
import { filedBy } from '#shared/formats/image-folder.ts';
import { isFull } from './batches.ts';
import type { Found, Sink } from '../workers/read-archive.ts';
import type { LooseList } from '../workers/read-annotations.ts';
import { callback } from '../workers/spawn.ts';
import { addProblem, reasonOf, type ImportTools, type Tally } from './import-tools.ts';

/** What is made of each picture. */
export interface PictureWish {
  /** Edge of canonical images. */
  readonly size: number;
  readonly keepOriginals: boolean;
  /** Lists of labels that lay beside a zip. */
  readonly lists: readonly LooseList[];
}

/**
 * Prepares pictures in several workers at once, in bounded number, so that memory stays flat.
 */
export async function importPictures(
  tools: ImportTools,
  files: readonly File[],
  { labels, unfiled }: Pick<Reading, 'labels' | 'unfiled'>,
  { size, keepOriginals }: PictureWish,
  take: Sink,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const filed = filedBy(files.map((file) => file.webkitRelativePath));
  const queue = files.entries();
  const lane = async (): Promise<void> => {
    for (const [i, file] of queue) {
      signal.throwIfAborted();
      const fileName = file.name;
      let found: Found;
      try {
        const prepared = await tools.images.run(signal, (api) => api.prepare(file, size));
        const original = keepOriginals ? await file.arrayBuffer() : null;
        const said = labels.get(pathOf(file))?.name ?? null;
        const folder = unfiled.has(pathOf(file)) ? null : (filed[i]?.label ?? null);
        found = { kind: 'picture', fileName, folder, said, prepared, original };
      } catch (cause) {
        signal.throwIfAborted();
        found = { kind: 'problem', file: pathOf(file), reason: reasonOf(cause) };
      }
      await take(found);
    }
  };
  try {
    await allOrFirstFailure(Array.from({ length: tools.lanes }, lane));
  } catch (cause) {
    // Those that nobody came to: it is for the person to bring them again.
    if (isFull(cause)) for (const [, file] of queue) addProblem(tally, pathOf(file), cause);
    throw cause;
  }
}

/** Where a file lies in the folder that it came with. */
export function pathOf(file: File): string {
  return file.webkitRelativePath || file.name;
}

/** Waits until every lane has come to rest, then reports the first failure. */
async function allOrFirstFailure(lanes: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(lanes);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Reads a zip in a worker; one that is refused as a whole becomes a problem. */
export async function readArchive(
  tools: ImportTools,
  file: File,
  method: 'readExport' | 'readPlain',
  wish: PictureWish,
  take: Sink,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const broken: Error[] = [];
  const sink = callback(async (found: Found): Promise<void> => {
    signal.throwIfAborted();
    try {
      await take(found);
    } catch (cause) {
      // Across the wall an error loses its type; here it is kept for the caller.
      broken.push(cause instanceof Error ? cause : new Error(String(cause)));
      throw cause;
    }
  });
  try {
    await tools.archives.run(signal, (api) => api[method](file, wish, sink));
  } catch (cause) {
    signal.throwIfAborted();
    if (broken[0]) throw broken[0];
    tally.total += 1;
    addProblem(tally, file.name, cause);
  }
}
