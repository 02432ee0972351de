import type { Part } from '#shared/schema/part.ts';

import type { FileStore } from '../io/store.ts';
import { faultOf, readPart } from './parts.ts';
import { partName, rowsOf } from './shard.ts';

/** The parts at hand do not make one whole. Each problem is named; nothing was written. */
export class MergeRefused extends Error {
  override readonly name = 'MergeRefused';
  readonly problems: readonly string[];
  constructor(place: string, problems: readonly string[]) {
    const shown = problems.slice(0, MOST_SHOWN).map((problem) => `\n- ${problem}`);
    const more = problems.length > MOST_SHOWN ? `\n- and ${problems.length - MOST_SHOWN} more` : '';
    super(
      `The parts in ${place} can't be merged:${shown.join('')}${more}\nNothing was written. ` +
        'Do the shards named above again (what is whole is kept), then merge again.',
    );
    this.problems = problems;
  }
}

const MOST_SHOWN = 30;
/** `part-00003-of-00012.json`, also with more digits. */
const MANIFEST = /^part-\d{5,6}-of-\d{5,6}\.json$/;

/** A manifest that was found, and under which name. */
interface Found {
  readonly key: string;
  readonly part: Part;
}

/**
 * All parts in a place, in the order of their rows, after everything about them was checked: nothing missing, doubled,
 * damaged, or of another model or list.
 * @throws MergeRefused naming each problem
 */
export async function wholeSet(store: FileStore, work: Part['work']): Promise<[Part, ...Part[]]> {
  const problems: string[] = [];
  const found: Found[] = [];
  for await (const { key } of store.list('part-')) {
    if (!MANIFEST.test(key)) continue;
    try {
      found.push({ key, part: await readPart(store, key) });
    } catch (error) {
      if ((error as Error).name === 'StoreUnreachable') throw error;
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  problems.push(...setFaults(found, work));
  for (const { part } of found) {
    const fault = await faultOf(store, part);
    if (fault !== null) problems.push(`${fault}: shard ${part.shard.index}/${part.shard.of}`);
  }
  const parts = found.map(({ part }) => part).sort((a, b) => a.shard.index - b.shard.index);
  const [first, ...rest] = parts;
  if (!first || problems.length > 0) throw new MergeRefused(store.place, problems);
  return [first, ...rest];
}

/** What the manifests alone say against the set. */
function setFaults(found: readonly Found[], work: Part['work']): string[] {
  const usual = mostCommon(found, ({ part }) => identityOf(part));
  if (!usual) return ['there is no part at all'];
  const { part: model } = usual;
  const faults: string[] = [];
  if (model.work !== work) faults.push(`they are parts of "${model.work}", not of "${work}"`);
  for (const { key, part } of found) {
    const odd = oddity(part, model);
    if (odd !== null) faults.push(`${key} ${odd}`);
    else if (!isConsistent(part))
      faults.push(`${key} contradicts itself: its rows are not those of its shard`);
  }
  const own = found.filter(({ part }) => part.shard.of === model.shard.of);
  return [...faults, ...doubled(own), ...missing(own, model.shard.of)];
}

function oddity(part: Part, usual: Part): string | null {
  if (part.shard.of !== usual.shard.of)
    return `is one of ${part.shard.of} shards, the others are of ${usual.shard.of}`;
  if (part.work !== usual.work) return `is a part of "${part.work}", the others are of "${usual.work}"`;
  if (part.model.sha256 !== usual.model.sha256)
    return `is of another model (${modelName(part)}) than the others (${modelName(usual)})`;
  if (part.input.sha256 !== usual.input.sha256)
    return `is of another list of photos (${part.input.rows}) than the others (${usual.input.rows})`;
  if (part.threshold !== usual.threshold) return 'used another threshold than the others';
  return null;
}

function isConsistent({ shard, input, from, to, rows, leftOut }: Part): boolean {
  const range = rowsOf(shard, input.rows);
  const fits = shard.index <= shard.of && range.from === from && range.to === to;
  const places = new Set(leftOut.map(({ row }) => row));
  const inside = leftOut.every(({ row }) => row >= from && row < to);
  return fits && inside && places.size === leftOut.length && rows + leftOut.length === to - from;
}

function doubled(found: readonly Found[]): string[] {
  const byIndex = new Map<number, Found[]>();
  for (const f of found) {
    const { index } = f.part.shard;
    byIndex.set(index, [...(byIndex.get(index) ?? []), f]);
  }
  return [...byIndex]
    .filter(([, same]) => same.length > 1)
    .map(
      ([index, same]) => `shard ${index} is there ${same.length} times: ${same.map((f) => f.key).join(', ')}`,
    );
}

function missing(found: readonly Found[], of: number): string[] {
  const there = new Set(found.map(({ part }) => part.shard.index));
  const absent: string[] = [];
  for (let index = 1; index <= of; index++)
    if (!there.has(index)) absent.push(`shard ${index}/${of} is missing: ${partName({ index, of })}.json`);
  return absent;
}

function identityOf({ work, model, threshold, input, shard }: Part): string {
  return JSON.stringify([work, model.sha256, threshold, input.sha256, shard.of]);
}

function modelName({ model }: Part): string {
  const hash = model.sha256.slice(0, 8);
  return model.version === null ? hash : `version ${model.version}, ${hash}`;
}

/** One of the most frequent kind; the first of them when several are. */
function mostCommon<T>(all: readonly T[], kind: (item: T) => string): T | undefined {
  const groups = new Map<string, T[]>();
  for (const item of all) groups.set(kind(item), [...(groups.get(kind(item)) ?? []), item]);
  return [...groups.values()].sort((a, b) => b.length - a.length)[0]?.[0];
}
