import type { Reading } from '#shared/formats/foreign.ts';
import type { IdentifiedLine } from '#shared/formats/identified-rows.ts';
import type { OutPlace } from '../platform/out-file.ts';
import { openDatabase, type Database } from '../storage/db.ts';
import { libraryDatabase, type LibrarySchema } from '../storage/upgrades.ts';
import { checkShard, type ShardIdentity } from './check-shard.ts';
import { readAnnotations, textFile, type LooseList } from './read-annotations.ts';
import { inspectIdentified, readIdentified, type IdentifiedOverview } from './read-identified.ts';
import { inspectArchive, readExport, readPlain, type ArchiveOverview, type Found } from './read-archive.ts';
import { handOver, serve } from './spawn.ts';
import { saveForeign, type ForeignContent } from './write-foreign.ts';
import { meanImageBytes, saveShard, type SavedShard, type ShardContent } from './write-archive.ts';

let library: Promise<Database<LibrarySchema>> | null = null;

/** The page listens for news of the database; here a lost one shows as a failed read. */
function openLibrary(): Promise<Database<LibrarySchema>> {
  library ??= openDatabase(libraryDatabase, () => {
    library = null;
  });
  return library;
}

/** Moves what was found to the page in place of copying it. */
function moving(sink: (found: Found) => Promise<void>): (found: Found) => Promise<void> {
  return (found) => sink(handOver(found, buffersOf(found)));
}

function buffersOf(found: Found): ArrayBuffer[] {
  switch (found.kind) {
    case 'exported':
      return [found.image, found.thumb];
    case 'picture':
      return [found.prepared.image, found.prepared.thumb, ...(found.original ? [found.original] : [])];
    case 'lists':
    case 'problem':
      return [];
  }
}

type Wish = Parameters<typeof readPlain>[1];

const api = {
  inspect: (archive: Blob): Promise<ArchiveOverview> => inspectArchive(archive),
  readExport: (archive: File, { size }: Wish, sink: (found: Found) => Promise<void>): Promise<void> =>
    readExport(archive, size, moving(sink)),
  readPlain: (archive: File, wish: Wish, sink: (found: Found) => Promise<void>): Promise<void> =>
    readPlain(archive, wish, moving(sink), archive.name),
  /** @param images paths of the pictures */
  readLists: (lists: readonly LooseList[], images: readonly string[]): Promise<Reading> =>
    readAnnotations(lists.map(textFile), images, ''),
  inspectIdentified: (file: Blob, classes: readonly string[]): Promise<IdentifiedOverview> =>
    inspectIdentified(file, classes),
  readIdentified: (
    file: Blob,
    classes: readonly string[],
    sink: (lines: readonly IdentifiedLine[]) => Promise<void>,
  ): Promise<void> => readIdentified(file, classes, sink),
  meanImageBytes: async (ids: readonly string[]): Promise<number> => meanImageBytes(await openLibrary(), ids),
  saveShard: async (
    place: OutPlace,
    name: string,
    content: ShardContent,
    progress: (photos: number) => void,
  ): Promise<SavedShard> => saveShard(await openLibrary(), place, name, content, progress),
  saveForeign: async (
    place: OutPlace,
    name: string,
    content: ForeignContent,
    progress: (photos: number) => void,
  ): Promise<SavedShard> => saveForeign(await openLibrary(), place, name, content, progress),
  /** Is the file of a folder this shard, whole? */
  isShard: async (
    folder: FileSystemDirectoryHandle,
    name: string,
    expected: ShardIdentity,
  ): Promise<boolean> => {
    try {
      await checkShard(await (await folder.getFileHandle(name)).getFile(), expected);
      return true;
    } catch {
      return false;
    }
  },
};
export type ArchiveApi = typeof api;

serve(api);
