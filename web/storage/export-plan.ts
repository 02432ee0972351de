/** An export under way, as it is remembered until it is finished: so much that a cut costs one shard at most. */
import * as v from 'valibot';

import { Count, DisplayName, Instant, PhotoId, Sha256 } from '#shared/schema/names.ts';
import type { Database } from './db.ts';
import type { LibrarySchema } from './upgrades.ts';

export const ExportPlanSchema = v.object({
  exportId: v.pipe(v.string(), v.uuid()),
  name: DisplayName,
  exportedAt: Instant,
  /** SHA-256 over all that is exported but the bytes of images: an export goes on only in the library it began in. */
  library: Sha256,
  place: v.picklist(['folder', 'downloads']),
  photos: Count,
  /** Most photos of a shard. */
  perShard: v.pipe(Count, v.minValue(1)),
  /** Shards that are written and read back, from 1. */
  done: v.array(Count),
  /** Photos of those whose image is damaged. */
  leftOut: v.array(PhotoId),
});
export type ExportPlan = v.InferOutput<typeof ExportPlanSchema>;

/** A folder cannot be told in JSON, so it stands beside the plan. */
const FOLDER = 'exportFolder';

export async function readExportFolder(
  db: Database<LibrarySchema>,
): Promise<FileSystemDirectoryHandle | null> {
  const handle = await db.read(['settings'], (tx) => tx.objectStore('settings').get(FOLDER));
  return typeof FileSystemDirectoryHandle === 'function' && handle instanceof FileSystemDirectoryHandle
    ? handle
    : null;
}

export async function writeExportFolder(
  db: Database<LibrarySchema>,
  folder: FileSystemDirectoryHandle | null,
): Promise<void> {
  await db.write(['settings'], async (tx) => {
    const settings = tx.objectStore('settings');
    await (folder ? settings.put(folder, FOLDER) : settings.delete(FOLDER));
  });
}
