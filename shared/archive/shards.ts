import type { LibraryFile } from '../schema/library.ts';
import { shown } from './names.ts';

/** Bounds of one zip, so that memory stays bounded whatever the library's size. */
export interface ShardLimits {
  readonly images: number;
  readonly bytes: number;
}

/** For browsers: jszip holds what it packs about three times over. */
export const BROWSER_SHARD: ShardLimits = { images: 2_000, bytes: 96 * 2 ** 20 };
/** For Node (P5-05: 10 000 to 20 000 images each), far below zip's 65 535 entries. */
export const NODE_SHARD: ShardLimits = { images: 10_000, bytes: 256 * 2 ** 20 };

/** A run of items: `from` included, `to` not. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Cuts a list into shards, in order. An item larger than the bound gets a shard of its own; an empty list one empty shard. */
export function planShards(sizes: readonly number[], limits: ShardLimits): Range[] {
  const shards: Range[] = [];
  let from = 0;
  let bytes = 0;
  sizes.forEach((size, i) => {
    if (i > from && (i - from >= limits.images || bytes + size > limits.bytes)) {
      shards.push({ from, to: i });
      from = i;
      bytes = 0;
    }
    bytes += size;
  });
  shards.push({ from, to: sizes.length });
  return shards;
}

/** A shard's file name with the `library.json` found in it. */
export interface ShardHeader {
  readonly file: string;
  readonly library: LibraryFile;
}

/** The shards at hand are not one whole export. */
export class ShardSetError extends Error {
  override readonly name = 'ShardSetError';
}

/**
 * Checks that the shards are all of one export and returns them in order.
 * @throws ShardSetError naming what is missing, doubled or foreign
 */
export function checkShardSet<T extends ShardHeader>(headers: readonly T[]): T[] {
  const first = headers[0];
  if (!first) throw new ShardSetError('There is no export here: no zip with a library.json in it.');
  const { exportId, shard, photos } = first.library;
  for (const { file, library } of headers) {
    if (library.exportId !== exportId) {
      throw new ShardSetError(
        `${shown(first.file)} and ${shown(file)} come from different exports. Give the files of one export only.`,
      );
    }
    if (library.shard.of !== shard.of || library.photos !== photos) {
      throw new ShardSetError(
        `${shown(first.file)} and ${shown(file)} disagree about the export they belong to.`,
      );
    }
  }
  const byIndex = new Map<number, T>();
  for (const header of headers) {
    const twin = byIndex.get(header.library.shard.index);
    if (twin)
      throw new ShardSetError(
        `${shown(twin.file)} and ${shown(header.file)} are the same part ${header.library.shard.index} of ${shard.of}.`,
      );
    byIndex.set(header.library.shard.index, header);
  }
  const missing = Array.from({ length: shard.of }, (_, i) => i + 1).filter((i) => !byIndex.has(i));
  if (missing.length > 0) {
    throw new ShardSetError(
      `Of this export's ${shard.of} parts, ${missing.length === 1 ? 'part' : 'parts'} ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing (the file name ends in "-${String(missing[0]).padStart(3, '0')}-of-${String(shard.of).padStart(3, '0')}.zip"). Add the missing files and try again; nothing was changed.`,
    );
  }
  return [...byIndex.entries()].sort(([a], [b]) => a - b).map(([, header]) => header);
}
