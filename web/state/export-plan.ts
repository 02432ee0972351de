/** What an export will hold, cut into shards, and whether one that was cut short can be gone on with. */
import { BROWSER_SHARD, planShards, type Range } from '#shared/archive/shards.ts';
import { CANONICAL_SIZE } from '#shared/image/canonical.ts';
import type { Decision } from '#shared/schema/decision.ts';
import type { ExportedPlan } from '#shared/schema/exported-plan.ts';
import { toNdjson } from '#shared/schema/json.ts';
import type { LibraryFile } from '#shared/schema/library.ts';
import { photoRecord, type Photo } from '#shared/schema/photo.ts';
import { sha256 } from '../platform/hash.ts';
import type { OutPlace } from '../platform/out-file.ts';
import type { Database } from '../storage/db.ts';
import { exportedDecisions } from '../storage/decisions.ts';
import type { ExportPlan } from '../storage/export-plan.ts';
import { readGuidance } from '../storage/guidance.ts';
import { readParts } from '../storage/parts.ts';
import { readPhotos } from '../storage/photos.ts';
import { readSetting } from '../storage/settings.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';

/** Everything that is exported but the bytes of images, as it was when the export began. */
export interface ExportContent {
  /** By id. */
  readonly photos: readonly Photo[];
  readonly library: Omit<LibraryFile, 'name' | 'exportId' | 'exportedAt' | 'shard' | 'photos'>;
  readonly decisions: readonly Decision[];
}

/** @param planned what the data set would be, where somebody turned the planner's knobs */
export async function readContent(
  db: Database<LibrarySchema>,
  photos: readonly Photo[],
  planned: () => Promise<ExportedPlan | null>,
): Promise<ExportContent> {
  const [canonicalSize, parts, guidance, decisions, plan] = await Promise.all([
    readSetting(db, 'canonicalSize'),
    readParts(db),
    readGuidance(db),
    exportedDecisions(db),
    planned(),
  ]);
  return {
    photos: photos.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    library: { v: 2, canonicalSize: canonicalSize ?? CANONICAL_SIZE, ...parts, guidance, plan },
    decisions,
  };
}

/** Ids of photos whose record is damaged: they are not in the list, but in the library. */
export async function damagedRecords(
  db: Database<LibrarySchema>,
  photos: readonly Photo[],
): Promise<readonly string[]> {
  const known = new Set<string>(photos.map((photo) => photo.id));
  const all = await db.read(['photos'], (tx) => tx.objectStore('photos').getAllKeys());
  const strangers = all.filter((id) => !known.has(id));
  return strangers.length === 0 ? [] : (await readPhotos(db, strangers)).damaged;
}

/** SHA-256 over all of it, a piece at a time. */
export async function fingerprintOf({ photos, library, decisions }: ExportContent): Promise<string> {
  const pieces = [await digest(JSON.stringify([library, decisions]))];
  for (let from = 0; from < photos.length; from += BROWSER_SHARD.images)
    pieces.push(await digest(toNdjson(photos.slice(from, from + BROWSER_SHARD.images).map(inOrder))));
  return digest(pieces.join(' '));
}

/**
 * A plan for a new export. Photos go in the order of their hashes, which is a random one: so every shard gets about
 * as many bytes as the mean says, and images need not be read twice.
 * @param meanBytes of an image
 */
export function newPlan(
  name: string,
  place: OutPlace['kind'],
  library: string,
  photos: number,
  meanBytes: number,
): ExportPlan {
  const perShard = Math.max(1, Math.min(BROWSER_SHARD.images, BROWSER_SHARD.bytes / Math.max(1, meanBytes)));
  return {
    exportId: crypto.randomUUID(),
    name,
    exportedAt: new Date().toISOString(),
    library,
    place,
    photos,
    perShard: Math.floor(perShard),
    done: [],
    leftOut: [],
  };
}

export function shardsOf({ photos, perShard }: Pick<ExportPlan, 'photos' | 'perShard'>): Range[] {
  const each = Array.from({ length: photos }, () => 0);
  return planShards(each, { images: perShard, bytes: Infinity });
}

/** Records say the same in any order of their keys. */
function inOrder(photo: Photo): Photo {
  return photoRecord.read(photo, photo.id);
}

/** A few ids, evenly spread. */
export function sampleOf(photos: readonly Photo[], most: number): string[] {
  const step = Math.max(1, photos.length / most);
  const count = Math.min(most, photos.length);
  return Array.from({ length: count }, (_, i) => photos[Math.floor(i * step)]?.id ?? '');
}

function digest(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}
