/** The import of photos, zips and export shards: sorts the files, lets workers prepare them, stores batches. */
import { checkShardSet, type ShardHeader } from '#shared/archive/shards.ts';
import { CANONICAL_SIZE } from '#shared/image/canonical.ts';
import { labelKey, type LabelId } from '#shared/schema/names.ts';
import { NO_EDITS, photoRecord, type Label, type Origin, type Photo } from '#shared/schema/photo.ts';
import type { Canary } from '../storage/canary.ts';
import type { Database } from '../storage/db.ts';
import { mergeParts } from '../storage/parts.ts';
import type { Added, NewPhoto } from '../storage/photos.ts';
import { readSetting, writeSetting } from '../storage/settings.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { ArchiveApi } from '../workers/archive.worker.ts';
import { classFolders } from '../workers/folders.ts';
import type { ImportApi } from '../workers/import.worker.ts';
import type { Prepared } from '../workers/prepare.ts';
import type { ArchiveOverview, Found } from '../workers/read-archive.ts';
import { callback, type TypedWorker } from '../workers/spawn.ts';
import { createBatches, type Batches } from './batches.ts';
import type { Problem } from './contract.ts';

/** What an import works with. */
export interface ImportTools {
  readonly db: Database<LibrarySchema>;
  readonly canary: Canary;
  readonly images: TypedWorker<ImportApi>;
  readonly archives: TypedWorker<ArchiveApi>;
  /** Pictures prepared at the same time. */
  readonly lanes: number;
}

export interface ImportOptions {
  readonly labelByFolder: boolean;
  readonly origin: Origin;
  readonly source: Photo['source'] | null;
  readonly person: string;
  /** Ids that mean unknown labels here. */
  readonly unknownIds: ReadonlySet<string>;
}

/** Running totals of an import; `tally.changed()` after each change. */
export interface Tally {
  done: number;
  total: number;
  known: number;
  readonly problems: Problem[];
  readonly changed: () => void;
  /** Told after each complete transaction. */
  readonly stored: (result: Added) => void;
}

interface Archive {
  readonly file: File;
  readonly overview: ArchiveOverview;
}

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
  const photos = files.filter((_, i) => !isZips[i]);
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
  const size = await settleSize(tools.db, shards);
  for (const { library } of shards) await mergeParts(tools.db, library);
  const batches = createBatches(tools.db, tools.canary, (result) => {
    tally.done += result.added.length + result.known.length;
    tally.known += result.known.length;
    tally.stored(result);
    tally.changed();
  });
  const take = (found: Found): Promise<void> => takeFound(found, batches, options, size, tally);
  try {
    await importPictures(tools, photos, size, take, signal);
    for (const { archive } of shards)
      await readArchive(tools, archive, 'readExport', size, take, tally, signal);
    for (const { file } of plain) await readArchive(tools, file, 'readPlain', size, take, tally, signal);
  } finally {
    // Also when the import was stopped: what was prepared is whole and worth keeping.
    await batches.flush();
  }
}

/** By content, not by name: a zip begins with one of these marks. */
async function isZip(file: File): Promise<boolean> {
  const [a, b, c, d] = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6));
}

async function inspectAll(
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

interface Shard extends ShardHeader {
  readonly archive: File;
}

/** The shards of every export that is whole; of one that is not, nothing is taken and the culprits are named. */
function wholeExports(archives: readonly Archive[], tally: Tally): Shard[] {
  const byExport = new Map<string, Shard[]>();
  for (const { file, overview } of archives) {
    if (overview.kind !== 'export') continue;
    const { library } = overview;
    const set = byExport.get(library.exportId) ?? [];
    set.push({ file: file.name, library, archive: file });
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

/** The edge of canonical images is settled once: by the first export that comes in, else by the default. */
async function settleSize(db: Database<LibrarySchema>, shards: readonly ShardHeader[]): Promise<number> {
  const settled = await readSetting(db, 'canonicalSize');
  if (settled !== null) return settled;
  const size = shards[0]?.library.canonicalSize ?? CANONICAL_SIZE;
  await writeSetting(db, 'canonicalSize', size);
  return size;
}

/** Prepares pictures in several workers at once, in bounded number, so that memory stays flat. */
async function importPictures(
  tools: ImportTools,
  files: readonly File[],
  size: number,
  take: (found: Found) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const folders = classFolders(files.map((file) => file.webkitRelativePath));
  const queue = files.entries();
  const lane = async (): Promise<void> => {
    for (const [i, file] of queue) {
      signal.throwIfAborted();
      const fileName = file.name;
      let found: Found;
      try {
        const prepared = await tools.images.run(signal, (api) => api.prepare(file, size));
        found = { kind: 'picture', fileName, folder: folders[i] ?? null, prepared };
      } catch (cause) {
        signal.throwIfAborted();
        found = { kind: 'problem', file: file.webkitRelativePath || fileName, reason: reasonOf(cause) };
      }
      await take(found);
    }
  };
  await allOrFirstFailure(Array.from({ length: tools.lanes }, lane));
}

/** Waits until every lane has come to rest, then reports the first failure. */
async function allOrFirstFailure(lanes: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(lanes);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function readArchive(
  tools: ImportTools,
  file: File,
  method: 'readExport' | 'readPlain',
  size: number,
  take: (found: Found) => Promise<void>,
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
    await tools.archives.run(signal, (api) => api[method](file, size, sink));
  } catch (cause) {
    signal.throwIfAborted();
    if (broken[0]) throw broken[0];
    tally.total += 1;
    addProblem(tally, file.name, cause);
  }
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
    case 'exported':
      return batches.add({ photo: found.photo, image: found.image, thumb: found.thumb });
    case 'picture':
      return batches.add(newPhoto(found, options, size));
  }
}

function newPhoto(
  found: Extract<Found, { kind: 'picture' }>,
  options: ImportOptions,
  size: number,
): NewPhoto {
  const { folder, prepared } = found;
  const addedAt = new Date().toISOString();
  const label = options.labelByFolder && folder !== null ? labelFor(folder, options, addedAt) : null;
  const photo = photoRecord.read(
    {
      v: 1,
      ...identityOf(prepared),
      fileName: found.fileName.slice(0, 1000),
      source: options.source ?? (folder === null ? 'file' : 'folder'),
      addedAt,
      addedBy: options.person,
      origin: options.origin,
      label,
      edits: NO_EDITS,
      faults: [],
      excluded: false,
      canonicalSize: size,
    },
    found.fileName,
  );
  const files = { photo, image: prepared.image, thumb: prepared.thumb };
  return folder === null || label === null ? files : { ...files, labelName: folder };
}

function identityOf(
  prepared: Prepared,
): Pick<Prepared, 'id' | 'bytes' | 'width' | 'height' | 'pixels' | 'hash'> {
  const { id, bytes, width, height, pixels, hash } = prepared;
  return { id, bytes, width, height, pixels, hash };
}

function labelFor(folder: string, options: ImportOptions, at: string): Label {
  const id: LabelId = labelKey(folder);
  return { kind: options.unknownIds.has(id) ? 'unknown' : 'sub-class', id, by: options.person, at };
}

function addProblem(tally: Tally, file: string, cause: unknown): void {
  tally.problems.push({ file, reason: reasonOf(cause) });
  tally.done += 1;
  tally.changed();
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
