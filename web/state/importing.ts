/** The import of photos, zips, export shards and lists of labels: sorts the files, lets workers prepare them, stores batches. */
import { CANONICAL_SIZE } from '#shared/image/canonical.ts';
import type { ShardHeader } from '#shared/archive/shards.ts';
import type { Database } from '../storage/db.ts';
import { mergeDecisions } from '../storage/decisions.ts';
import { mergeParts } from '../storage/parts.ts';
import { readSetting, writeSetting } from '../storage/settings.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { Found } from '../workers/read-archive.ts';
import { createBatches, isFull, type Batches, type BatchNews } from './batches.ts';
import { newPhoto } from './found-photo.ts';
import { inspectAll, isZip, wholeExports } from './import-archives.ts';
import { readLists, sortLoose } from './import-lists.ts';
import { importPictures, readArchive } from './import-sources.ts';
import { addLists, addProblem, type ImportOptions, type ImportTools, type Tally } from './import-tools.ts';

/**
 * Imports files. What is stored stays, whatever happens later; a file that is refused becomes a problem.
 * @throws StorageError when nothing more can be stored, or the signal's reason
 */
export async function importFiles(
  tools: ImportTools,
  files: readonly File[],
  options: ImportOptions,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const isZips = await Promise.all(files.map(isZip));
  const loose = files.filter((_, i) => !isZips[i]);
  const { photos, lists } = sortLoose(loose);
  tally.total = photos.length;
  tally.changed();
  const archives = await inspectAll(
    tools,
    files.filter((_, i) => isZips[i]),
    tally,
    signal,
  );
  const shards = wholeExports(archives, tally);
  const plain = archives.filter(({ overview }) => overview.kind === 'plain');
  // A list without pictures beside it is about those in the one zip that came along.
  const forZip = photos.length === 0 && plain.length === 1;
  const said = await readLists(tools, { photos, lists: forZip ? [] : lists }, tally, signal);
  const size = await settleSize(tools.db, shards);
  for (const { library, decisions } of shards) {
    await mergeParts(tools.db, library);
    await mergeDecisions(tools.db, decisions);
  }
  const batches = createBatches(tools.db, tools.canary, newsFor(tally));
  const left = [
    ...shards.map(({ archive }) => ({ file: archive, method: 'readExport' as const })),
    ...plain.map(({ file }) => ({ file, method: 'readPlain' as const })),
  ];
  const take = (found: Found): Promise<void> => takeFound(found, batches, options, size, tally);
  try {
    const wish = { size, keepOriginals: options.keepOriginals, lists: forZip ? lists : [] };
    await importPictures(tools, photos, said, wish, take, tally, signal);
    for (let next = left[0]; next; left.shift(), next = left[0])
      await readArchive(tools, next.file, next.method, wish, take, tally, signal);
  } catch (cause) {
    if (isFull(cause)) for (const { file } of left) addProblem(tally, file.name, cause);
    throw cause;
  } finally {
    // Also when the import was stopped: what was prepared is whole and worth keeping.
    await batches.flush();
  }
}

function newsFor(tally: Tally): BatchNews {
  return {
    stored: (result) => {
      tally.done += result.added.length + result.known.length;
      tally.known += result.known.length;
      tally.stored(result);
      tally.changed();
    },
    refused: ({ photo }, cause) => {
      addProblem(tally, photo.fileName, cause);
    },
  };
}

/** The edge of canonical images is settled once: by the first export that comes in, else by the default. */
async function settleSize(db: Database<LibrarySchema>, shards: readonly ShardHeader[]): Promise<number> {
  const settled = await readSetting(db, 'canonicalSize');
  if (settled !== null) return settled;
  const size = shards[0]?.library.canonicalSize ?? CANONICAL_SIZE;
  await writeSetting(db, 'canonicalSize', size);
  return size;
}

async function takeFound(
  found: Found,
  batches: Batches,
  options: ImportOptions,
  size: number,
  tally: Tally,
): Promise<void> {
  switch (found.kind) {
    case 'problem':
      addProblem(tally, found.file, new Error(found.reason));
      return;
    case 'lists':
      addLists(tally, found);
      return;
    case 'exported':
      return batches.add({ photo: found.photo, image: found.image, thumb: found.thumb, known: 'merge' });
    case 'picture':
      return batches.add(newPhoto(found, options, size));
  }
}
