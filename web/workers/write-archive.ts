/** Writes export shards from the library's own bytes. Runs in a worker, which opens the library itself. */
import { labelFolder, LIBRARY_FILE, PHOTOS_FILE, photoPath } from '#shared/archive/layout.ts';
import { toNdjson } from '#shared/schema/json.ts';
import type { LibraryFile } from '#shared/schema/library.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { decodeExact } from '../platform/decode.ts';
import { sha256 } from '../platform/hash.ts';
import type { Database } from '../storage/db.ts';
import { readBytes } from '../storage/photos.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import { pixelHash } from './prepare.ts';
import { createZip } from './zip.ts';

/** What an export says, but for what only the shard's writer knows. */
export type ShardPlan = Omit<LibraryFile, 'shard'> & {
  readonly shard: Omit<LibraryFile['shard'], 'photosSha256' | 'photos'>;
};

/** Size of each photo's image in bytes, in the same order; null where it is missing or damaged. */
export function measureImages(
  db: Database<LibrarySchema>,
  photos: readonly Pick<Photo, 'id' | 'pixels'>[],
): Promise<(number | null)[]> {
  return Promise.all(
    photos.map(async (photo) => {
      const bytes = await readBytes(db, 'images', photo.id);
      return bytes && (await isWhole(bytes, photo.pixels)) ? bytes.byteLength : null;
    }),
  );
}

async function isWhole(bytes: ArrayBuffer, pixels: string): Promise<boolean> {
  try {
    return (await pixelHash(await decodeExact(new Uint8Array(bytes)))) === pixels;
  } catch {
    return false;
  }
}

/** One shard as a zip. @throws Error naming a photo whose image went missing meanwhile */
export async function writeShard(
  db: Database<LibrarySchema>,
  plan: ShardPlan,
  photos: readonly Photo[],
): Promise<Blob> {
  const zip = createZip();
  const list = toNdjson(photos);
  const photosSha256 = await sha256(new TextEncoder().encode(list));
  const library: LibraryFile = { ...plan, shard: { ...plan.shard, photos: photos.length, photosSha256 } };
  zip.add(LIBRARY_FILE, JSON.stringify(library));
  zip.add(PHOTOS_FILE, list);
  for (const photo of photos) {
    const bytes = await readBytes(db, 'images', photo.id);
    if (!bytes) throw new Error(`The image of "${photo.fileName}" is missing in the library.`);
    zip.add(photoPath(labelFolder(photo.label?.id ?? null), photo.id), bytes);
  }
  return zip.finish();
}
