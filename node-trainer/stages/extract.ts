import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { compareText } from '#shared/dataset/random.ts';
import { toNdjson } from '#shared/schema/json.ts';
import type { LibraryFile } from '#shared/schema/library.ts';
import type { Photo } from '#shared/schema/photo.ts';

import { writeAtomic } from '../io/atomic.ts';
import { sha256 } from '../io/hash.ts';
import { requireRoom } from '../io/room.ts';
import { isS3 } from '../io/s3-place.ts';
import type { Library, LibraryItem } from '../library/library.ts';
import { openLibrary } from '../library/open-library.ts';
import { mapOrdered } from '../library/ordered-map.ts';
import { LibraryError, type Problem, problemOf } from '../library/problem.ts';
import { fetchRemote, listRemote } from '../library/remote.ts';
import type { RunContext, StageResult } from '../run/context.ts';
import { pngPath } from '../run/photos.ts';
import { finished, performStage } from '../run/stage.ts';

const PROBLEMS_FILE = 'problems.ndjson';

/**
 * Unpacks a library's photos into the run folder, several at a time, each verified by its hash (P5-07). A photo that
 * can't be used is left out, named in the log and in `photos/problems.ndjson`.
 * @throws NoRoom before the first photo is written
 */
export async function extract(run: RunContext): Promise<StageResult> {
  if (run.library === null) return (await finished(run.folder, 'extract')).result;
  if (isS3(run.library)) return extractRemote(run, run.library);
  const library = await openLibrary(run.library);
  try {
    return await performStage(run, {
      name: 'extract',
      inputs: { library: library.fingerprint },
      work: () => extractPhotos(run, library),
    });
  } finally {
    await library.close();
  }
}

/** Fetches the shards first, in parallel, to the disk where the photos will lie; they are removed in the end. */
async function extractRemote(run: RunContext, place: string): Promise<StageResult> {
  const { folder, log } = run;
  const remote = await listRemote(place);
  return performStage(run, {
    name: 'extract',
    inputs: { library: remote.fingerprint },
    work: async () => {
      log.say(`fetching ${remote.files.length} files from ${place}`);
      // A kill in the middle finds again what was fetched of the same files.
      const fetched = join(folder.photos, `.fetched-${remote.fingerprint.slice(0, 12)}`);
      const library = await openLibrary(await fetchRemote(remote, fetched));
      try {
        return await extractPhotos(run, library);
      } finally {
        await library.close();
        await rm(fetched, { recursive: true, force: true });
      }
    },
  });
}

async function extractPhotos(
  run: RunContext,
  library: Library,
): Promise<{ outputs: string[]; result: StageResult }> {
  const { folder, log } = run;
  await checkRoom(run, library.items);
  const photos = new Map<string, Photo>();
  const problems: Problem[] = [...library.problems];
  let [done, copies] = [0, 0];
  for await (const outcome of mapOrdered(library.items, (item) => extractOne(run, item))) {
    log.progress('extract', ++done, library.items.length);
    if ('code' in outcome) problems.push(outcome);
    else if (photos.has(outcome.id)) copies += 1;
    else photos.set(outcome.id, outcome);
  }
  for (const problem of problems) log.warn(`left out: ${problem.file}: ${problem.message}`);
  if (photos.size === 0)
    throw new LibraryError(`None of the ${library.items.length} photos of the library could be used.`);
  const records = toNdjson([...photos.values()].sort((a, b) => compareText(a.id, b.id)));
  const shard = {
    index: 1,
    of: 1,
    photos: photos.size,
    leftOut: 0,
    photosSha256: sha256(new TextEncoder().encode(records)),
  };
  const file: LibraryFile = { ...library.file, shard, photos: photos.size };
  await writeAtomic(folder.photosFile, records);
  await writeAtomic(folder.libraryFile, `${JSON.stringify(file, null, 2)}\n`);
  await writeAtomic(join(folder.photos, PROBLEMS_FILE), toNdjson(problems));
  return {
    outputs: ['photos/photos.ndjson', 'photos/library.json', `photos/${PROBLEMS_FILE}`],
    result: { photos: photos.size, subClasses: file.subClasses.length, leftOut: problems.length, copies },
  };
}

/** A picture that lies there already is whole: it was verified before it was written, and written atomically. */
async function extractOne(run: RunContext, item: LibraryItem): Promise<Photo | Problem> {
  try {
    if (item.photo && (await exists(pngPath(run.folder, item.photo.id)))) return item.photo;
    const { photo, png } = await item.load();
    const path = pngPath(run.folder, photo.id);
    if (!(await exists(path))) await writeAtomic(path, png);
    return photo;
  } catch (error) {
    return problemOf(item.where, error);
  }
}

/** Before the first photo is written: is there room for all that are not there yet (P5-08)? */
async function checkRoom({ folder }: RunContext, items: readonly LibraryItem[]): Promise<void> {
  let needed = 0;
  for (const { photo, bytes } of items)
    if (!photo || !(await exists(pngPath(folder, photo.id)))) needed += bytes;
  await requireRoom(folder.photos, needed, 'The library');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
