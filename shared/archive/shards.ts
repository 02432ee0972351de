import type { LibraryFile } from '../schema/library.ts';
import { parseShardName, shardName } from './layout.ts';
import { shown } from './refused.ts';

/** Bounds of one zip, so that memory stays bounded whatever the library's size. */
export interface ShardLimits {
  readonly images: number;
  /** Of the images alone. */
  readonly bytes: number;
}

/** For browsers: jszip holds what it reads about three times over. */
export const BROWSER_SHARD: ShardLimits = { images: 2_000, bytes: 96 * 2 ** 20 };
/** For Node (P5-05: 10 000 to 20 000 images each), far below zip's 65 535 entries. */
export const NODE_SHARD: ShardLimits = { images: 10_000, bytes: 256 * 2 ** 20 };

/** A run of items: `from` included, `to` not. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a list into shards, in order and as full as the bounds allow. An item larger than the bound gets a shard of its
 * own; an empty list one empty shard, because labels and rules must travel too.
 * @param sizes of the images in bytes
 */
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

export type ShardSetFault = 'none' | 'foreign' | 'inconsistent' | 'duplicate' | 'missing';

/** The shards at hand are not one whole export. */
export class ShardSetError extends Error {
  override readonly name = 'ShardSetError';
  readonly fault: ShardSetFault;
  /** Names of the culprits: files at hand, or for `missing` the absent ones (the first twenty). */
  readonly files: readonly string[];
  constructor(fault: ShardSetFault, message: string, files: readonly string[]) {
    super(`${message} Nothing was changed.`);
    this.fault = fault;
    this.files = files;
  }
}

/**
 * Checks that the shards are all of one export and returns them in order.
 * @throws ShardSetError naming what is missing, doubled or foreign
 */
export function checkShardSet<T extends ShardHeader>(headers: readonly T[]): T[] {
  const [first] = headers;
  if (!first) {
    throw new ShardSetError('none', 'There is no export here: no zip with a library.json in it.', []);
  }
  const foreign = filesOf(headers.filter((h) => h.library.exportId !== first.library.exportId));
  if (foreign.length > 0) {
    const message = `${quoted(foreign)} come from another export than ${shown(first.file)}. Give the files of one export only.`;
    throw new ShardSetError('foreign', message, foreign);
  }
  const odd = filesOf(
    headers.filter((h) => common(h) !== common(first) || h.library.shard.index > h.library.shard.of),
  );
  if (odd.length > 0) {
    const message = `${quoted(odd)} and ${shown(first.file)} disagree about the export they belong to. Export again.`;
    throw new ShardSetError('inconsistent', message, odd);
  }
  const sorted = [...headers].sort((a, b) => a.library.shard.index - b.library.shard.index);
  checkOnce(sorted);
  checkComplete(first, sorted);
  return sorted;
}

/** Everything that must be the same in all shards of an export. */
function common({ library: { shard, ...rest } }: ShardHeader): string {
  return JSON.stringify([shard.of, Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function checkOnce(sorted: readonly ShardHeader[]): void {
  const index = (i: number): number | undefined => sorted[i]?.library.shard.index;
  const twins = filesOf(sorted.filter((_, i) => index(i) === index(i - 1) || index(i) === index(i + 1)));
  if (twins.length === 0) return;
  throw new ShardSetError('duplicate', `${quoted(twins)} are the same part twice. Keep one of them.`, twins);
}

function checkComplete(first: ShardHeader, sorted: readonly ShardHeader[]): void {
  const { shard, photos, name } = first.library;
  const present = new Set(sorted.map((h) => h.library.shard.index));
  const missing: string[] = [];
  // What a header claims may be any number: twenty names are enough for people.
  for (let i = 1; i <= shard.of && missing.length < 20; i++) {
    if (!present.has(i)) missing.push(shardName(parseShardName(first.file)?.name ?? name, i, shard.of));
  }
  if (missing.length > 0) {
    const [absent, all] = [shard.of - present.size, shard.of];
    const message = `${absent} of this export's ${all} parts are missing: ${quoted(missing)}. Add them and try again.`;
    throw new ShardSetError('missing', message, missing);
  }
  const found = sorted.reduce((sum, { library: { shard: s } }) => sum + s.photos + s.leftOut, 0);
  if (found === photos) return;
  const message = `The parts hold ${found} photos, but the export says ${photos}. Export again.`;
  throw new ShardSetError('inconsistent', message, filesOf(sorted));
}

function filesOf(headers: readonly ShardHeader[]): string[] {
  return headers.map((h) => h.file);
}

function quoted(files: readonly string[]): string {
  const more = files.length > 5 ? ` and ${files.length - 5} more` : '';
  return files.slice(0, 5).map(shown).join(', ') + more;
}
