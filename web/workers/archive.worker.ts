import type { Photo } from '#shared/schema/photo.ts';
import { openDatabase, type Database } from '../storage/db.ts';
import { libraryDatabase, type LibrarySchema } from '../storage/upgrades.ts';
import { inspectArchive, readExport, readPlain, type ArchiveOverview, type Found } from './read-archive.ts';
import { handOver, serve } from './spawn.ts';
import { measureImages, writeShard, type ShardPlan } from './write-archive.ts';

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
    case 'problem':
      return [];
  }
}

type Wish = Parameters<typeof readPlain>[1];

const api = {
  inspect: (archive: Blob): Promise<ArchiveOverview> => inspectArchive(archive),
  readExport: (archive: Blob, { size }: Wish, sink: (found: Found) => Promise<void>): Promise<void> =>
    readExport(archive, size, moving(sink)),
  readPlain: (archive: Blob, wish: Wish, sink: (found: Found) => Promise<void>): Promise<void> =>
    readPlain(archive, wish, moving(sink)),
  measure: async (photos: readonly Pick<Photo, 'id' | 'pixels'>[]): Promise<(number | null)[]> =>
    measureImages(await openLibrary(), photos),
  writeShard: async (plan: ShardPlan, photos: readonly Photo[]): Promise<Blob> =>
    writeShard(await openLibrary(), plan, photos),
};
export type ArchiveApi = typeof api;

serve(api);
