import type { Quality } from '#shared/schema/photo.ts';
import type { Database } from './db.ts';
import { getPhotos } from './photos.ts';
import type { LibrarySchema } from './upgrades.ts';

/** What was measured of a photo as it looked then. */
export interface Measured {
  readonly photo: string;
  /** SHA-256 of the image that was measured: after an edit the measures are another image's. */
  readonly pixels: string;
  readonly quality: Quality;
}

/**
 * Stores measures of photos that have none yet. Nobody decided anything, so the journal does not hear of it; doing it
 * twice changes nothing.
 * @returns the photos that changed
 */
export function storeQualities(
  db: Database<LibrarySchema>,
  measured: readonly Measured[],
): Promise<readonly string[]> {
  return db.write(['photos'], async (tx) => {
    const byId = new Map(measured.map((m) => [m.photo, m]));
    const changed: string[] = [];
    for (const photo of await getPhotos(tx, [...byId.keys()])) {
      const found = byId.get(photo.id);
      if (photo.quality !== null || found?.pixels !== photo.pixels) continue;
      await tx.objectStore('photos').put({ ...photo, quality: found.quality });
      changed.push(photo.id);
    }
    return changed;
  });
}
