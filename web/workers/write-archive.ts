/** Writes export shards from the library's own bytes. Runs in a worker, which opens the library itself. */
import { DECISIONS_FILE, labelFolder, LIBRARY_FILE, PHOTOS_FILE, photoPath } from '#shared/archive/layout.ts';
import { isWholePng } from '#shared/archive/png-whole.ts';
import type { Decision } from '#shared/schema/decision.ts';
import { toNdjson } from '#shared/schema/json.ts';
import type { LibraryFile } from '#shared/schema/library.ts';
import { photoRecord, type Photo } from '#shared/schema/photo.ts';
import { sha256 } from '../platform/hash.ts';
import type { OutPlace } from '../platform/out-file.ts';
import type { Database } from '../storage/db.ts';
import { readBytes } from '../storage/photos.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import { checkShard } from './check-shard.ts';
import { saveZip } from './save-zip.ts';
import type { OutgoingEntry } from './write-zip.ts';

/** What an export says, but for what only the shard's writer knows. */
export type ShardPlan = Omit<LibraryFile, 'shard'> & {
  readonly shard: Pick<LibraryFile['shard'], 'index' | 'of'>;
};

/** All that goes into one shard. */
export interface ShardContent {
  readonly plan: ShardPlan;
  readonly photos: readonly Photo[];
  readonly decisions: readonly Decision[];
}

export interface SavedShard {
  /** What to download; null where it lies in the folder. */
  readonly download: Blob | null;
  /** Ids of photos whose image is missing or damaged: they are not in it. */
  readonly leftOut: readonly Photo['id'][];
}

/** Images read at a time, while those before them are written. */
const BATCH = 32;

/** Mean size of images in bytes; 0 where none is there. */
export async function meanImageBytes(db: Database<LibrarySchema>, ids: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const id of ids) bytes += (await readBytes(db, 'images', id))?.byteLength ?? 0;
  return bytes / Math.max(1, ids.length);
}

/**
 * Writes one shard, reads it back, and gives it its name only then. Memory holds a few images, whatever its size.
 * @param progress in photos of this shard
 * @throws what the disk says; ArchiveRefused when the shard did not come back as it was written
 */
export async function saveShard(
  db: Database<LibrarySchema>,
  place: OutPlace,
  name: string,
  content: ShardContent,
  progress: (photos: number) => void,
): Promise<SavedShard> {
  const leftOut: Photo['id'][] = [];
  const entries = shardEntries(db, content, leftOut, progress);
  const { exportId, shard } = content.plan;
  const download = await saveZip(place, name, entries, (archive) =>
    checkShard(archive, { exportId, index: shard.index, of: shard.of }),
  );
  return { download, leftOut };
}

/** Images first: what is said of them depends on which of them are whole. */
async function* shardEntries(
  db: Database<LibrarySchema>,
  { plan, photos, decisions }: ShardContent,
  leftOut: Photo['id'][],
  progress: (photos: number) => void,
): AsyncGenerator<OutgoingEntry> {
  const whole: Photo[] = [];
  let done = 0;
  for await (const { photo, image } of imagesOf(db, photos)) {
    done += 1;
    if (done % BATCH === 0) progress(done);
    if (image && isWholePng(image, photo.canonicalSize)) {
      // Keys in one order: the same library gives the same bytes.
      whole.push(photoRecord.read(photo, photo.id));
      yield { name: photoPath(labelFolder(photo.label?.id ?? null), photo.id), content: image };
    } else leftOut.push(photo.id);
  }
  progress(done);
  const list = toNdjson(whole);
  const photosSha256 = await sha256(new TextEncoder().encode(list));
  const shard = { ...plan.shard, photos: whole.length, leftOut: leftOut.length, photosSha256 };
  const library: LibraryFile = { ...plan, shard };
  if (decisions.length > 0) yield { name: DECISIONS_FILE, content: toNdjson(decisions) };
  yield { name: PHOTOS_FILE, content: list };
  yield { name: LIBRARY_FILE, content: JSON.stringify(library) };
}

/** A photo with its image, null where that is missing. */
export interface ReadPhoto {
  readonly photo: Photo;
  readonly image: Uint8Array<ArrayBuffer> | null;
}

/** Their images one after the other, a few at hand. */
export async function* imagesOf(
  db: Database<LibrarySchema>,
  photos: readonly Photo[],
): AsyncGenerator<ReadPhoto> {
  const read = (from: number): Promise<ReadPhoto[]> => readImages(db, photos.slice(from, from + BATCH));
  let next = read(0);
  for (let from = 0; from < photos.length; from += BATCH) {
    const batch = await next;
    next = read(from + BATCH);
    // Nobody listens yet; whoever awaits it hears of a failure.
    next.catch(() => undefined);
    yield* batch;
  }
}

/** Images as they were when the export began: one that was edited since is among the past ones. */
function readImages(db: Database<LibrarySchema>, photos: readonly Photo[]): Promise<ReadPhoto[]> {
  return db.read(['photos', 'images', 'pastImages'], (tx) =>
    Promise.all(
      photos.map(async (photo): Promise<ReadPhoto> => {
        const { id, pixels } = photo;
        const [now, image] = await Promise.all([
          tx.objectStore('photos').get(id),
          tx.objectStore('images').get(id),
        ]);
        const edited = now !== undefined && now.pixels !== pixels;
        const past = edited ? await tx.objectStore('pastImages').get(`${id} ${pixels}`) : undefined;
        const bytes = edited ? past?.image : image;
        return { photo, image: bytes ? new Uint8Array(bytes) : null };
      }),
    ),
  );
}
