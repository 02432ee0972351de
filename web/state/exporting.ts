/** The export of the whole library as zip shards. */
import { shardName } from '#shared/archive/layout.ts';
import { BROWSER_SHARD, planShards } from '#shared/archive/shards.ts';
import { CANONICAL_SIZE } from '#shared/image/canonical.ts';
import type { Photo } from '#shared/schema/photo.ts';
import type { Database } from '../storage/db.ts';
import { readParts } from '../storage/parts.ts';
import { readAllPhotos } from '../storage/photos.ts';
import { readSetting } from '../storage/settings.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { ArchiveApi } from '../workers/archive.worker.ts';
import type { TypedWorker } from '../workers/spawn.ts';
import type { ShardPlan } from '../workers/write-archive.ts';
import type { Problem } from './contract.ts';
import type { Save } from './export-target.ts';

/** Photos that are checked in one go. */
const CHUNK = 64;

export interface ExportTools {
  readonly db: Database<LibrarySchema>;
  readonly archives: TypedWorker<ArchiveApi>;
  readonly save: Save;
}

export interface ExportResult {
  readonly exported: number;
  /** Photos whose image is damaged on this device; they are not in the export. */
  readonly problems: readonly Problem[];
}

/**
 * Verifies every image, plans the shards, writes them one after the other.
 * @param progress in photos; checking counts for one half of each, writing for the other
 */
export async function exportLibrary(
  tools: ExportTools,
  name: string,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<ExportResult> {
  const { photos, damaged } = await readAllPhotos(tools.db);
  const ordered = photos.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const half = (n: number): void => {
    progress(Math.floor(n / 2), ordered.length);
  };
  const { whole, broken } = await measure(tools, ordered, half, signal);
  const shards = planShards(
    whole.map((item) => item.bytes),
    BROWSER_SHARD,
  );
  const common = await commonPart(tools.db, name, whole.length);
  let written = 0;
  for (const [i, range] of shards.entries()) {
    const part = whole.slice(range.from, range.to).map((item) => item.photo);
    const plan: ShardPlan = { ...common, shard: { index: i + 1, of: shards.length } };
    const zip = await tools.archives.run(signal, (api) => api.writeShard(plan, part));
    signal.throwIfAborted();
    await tools.save(shardName(name, i + 1, shards.length), zip);
    written += part.length;
    half(ordered.length + written);
  }
  return { exported: whole.length, problems: [...broken.map(brokenProblem), ...damaged.map(damagedProblem)] };
}

interface Measured {
  readonly whole: readonly { readonly photo: Photo; readonly bytes: number }[];
  readonly broken: readonly Photo[];
}

async function measure(
  tools: ExportTools,
  photos: readonly Photo[],
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<Measured> {
  const whole: { photo: Photo; bytes: number }[] = [];
  const broken: Photo[] = [];
  for (let from = 0; from < photos.length; from += CHUNK) {
    const chunk = photos.slice(from, from + CHUNK);
    const asked = chunk.map(({ id, pixels }) => ({ id, pixels }));
    const sizes = await tools.archives.run(signal, (api) => api.measure(asked));
    chunk.forEach((photo, i) => {
      const bytes = sizes[i] ?? null;
      if (bytes === null) broken.push(photo);
      else whole.push({ photo, bytes });
    });
    progress(from + chunk.length);
  }
  return { whole, broken };
}

async function commonPart(
  db: Database<LibrarySchema>,
  name: string,
  photos: number,
): Promise<Omit<ShardPlan, 'shard'>> {
  return {
    v: 1,
    name,
    exportId: crypto.randomUUID(),
    exportedAt: new Date().toISOString(),
    canonicalSize: (await readSetting(db, 'canonicalSize')) ?? CANONICAL_SIZE,
    ...(await readParts(db)),
    photos,
  };
}

function brokenProblem(photo: Photo): Problem {
  return {
    file: photo.fileName,
    reason:
      'Its image is damaged on this device and was left out. Add the original photo again to repair it; the label is kept.',
  };
}

function damagedProblem(id: string): Problem {
  return {
    file: `photo ${id.slice(0, 12)}…`,
    reason: 'Its record is damaged on this device; it was left out.',
  };
}
