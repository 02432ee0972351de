import { MOST_SHARDS, type Part } from '#shared/schema/part.ts';

import { OptionError } from './option-kinds.ts';

/** One machine's share of a list: `index` of `of`, counted from 1. */
export type Shard = Part['shard'];

/** How a command line says which shard it is to do. */
export interface ShardFlags {
  /** `3/12` */
  readonly shard?: string | undefined;
  /** How many there are; the index comes from `JOB_COMPLETION_INDEX`, which counts from 0. */
  readonly shards?: string | undefined;
}

/** Variable in which a Kubernetes Indexed Job tells a pod its index, from 0. */
const INDEX_VARIABLE = 'JOB_COMPLETION_INDEX';

/**
 * Which shard is asked for; null when the whole list is.
 * @throws OptionError
 */
export function shardOf(flags: ShardFlags, environment: NodeJS.ProcessEnv): Shard | null {
  const { shard, shards } = flags;
  if (shard !== undefined && shards !== undefined)
    throw new OptionError('Give --shard or --shards, not both.');
  if (shards !== undefined) return fromIndex(shards, environment[INDEX_VARIABLE]);
  if (shard === undefined) return null;
  const [, index = '', of = ''] = /^(\d{1,6})\/(\d{1,6})$/.exec(shard) ?? [];
  const found = { index: Number(index), of: Number(of) };
  if (isShard(found)) return found;
  throw new OptionError(`--shard: expected i/n with i from 1 to n, such as 3/12, got "${shard}"`);
}

function fromIndex(shards: string, index: string | undefined): Shard {
  const of = /^\d{1,6}$/.test(shards) ? Number(shards) : 0;
  if (of < 1 || of > MOST_SHARDS)
    throw new OptionError(`--shards: expected a whole number from 1 to ${MOST_SHARDS}, got "${shards}"`);
  if (index === undefined || index === '')
    throw new OptionError(
      `--shards needs the variable ${INDEX_VARIABLE}, which a Kubernetes Indexed Job sets; elsewhere use --shard i/n.`,
    );
  const found = { index: /^\d{1,6}$/.test(index) ? Number(index) + 1 : 0, of };
  if (isShard(found)) return found;
  throw new OptionError(
    `the variable ${INDEX_VARIABLE}: expected 0 to ${of - 1} with --shards ${of}, got "${index}"`,
  );
}

function isShard({ index, of }: Shard): boolean {
  return index >= 1 && index <= of && of <= MOST_SHARDS;
}

/** A run of rows: `from` included, `to` not. */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

/**
 * The rows of a shard, by position alone: every row is in exactly one shard, and shards differ by one row at most.
 * @param rows length of the whole list; more shards than rows leave some of them empty
 */
export function rowsOf({ index, of }: Shard, rows: number): Rows {
  const edge = (n: number): number => Math.floor((rows * n) / of);
  return { from: edge(index - 1), to: edge(index) };
}

/** `3` of `12` → `part-00003-of-00012` */
export function partName({ index, of }: Shard): string {
  return `part-${String(index).padStart(5, '0')}-of-${String(of).padStart(5, '0')}`;
}
