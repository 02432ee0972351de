import type { Origin, Photo } from '#shared/schema/photo.ts';

import { keyOf } from '../labels.ts';

/** What the photos under one label come to. */
export interface LabelTally {
  total: number;
  readonly origins: Record<Origin, number>;
  /** Kept out of training. */
  excluded: number;
  /** With at least one fault. */
  faulty: number;
  /** A few photos to show, good ones before bad ones, the newest first. */
  readonly examples: string[];
}

const EXAMPLES = 3;

/** Counts all labels in one pass. Keys are those of `keyOf`. */
export function tallyLabels(photos: readonly Photo[]): ReadonlyMap<string, LabelTally> {
  const tallies = new Map<string, LabelTally>();
  const spare = new Map<string, string[]>();
  for (const photo of photos) {
    if (photo.label === null) continue;
    const key = keyOf(photo.label);
    const tally = tallies.get(key) ?? noPhotos();
    tallies.set(key, tally);
    tally.total += 1;
    tally.origins[photo.origin] += 1;
    if (photo.excluded) tally.excluded += 1;
    if (photo.faults.length > 0) tally.faulty += 1;
    if (!photo.excluded && tally.examples.length < EXAMPLES) tally.examples.push(photo.id);
    else if (photo.excluded) spare.set(key, [...(spare.get(key) ?? []).slice(0, EXAMPLES - 1), photo.id]);
  }
  for (const [key, ids] of spare) {
    const examples = tallies.get(key)?.examples ?? [];
    examples.push(...ids.slice(0, EXAMPLES - examples.length));
  }
  return tallies;
}

export function noPhotos(): LabelTally {
  return {
    total: 0,
    origins: { real: 0, staged: 0, synthetic: 0 },
    excluded: 0,
    faulty: 0,
    examples: [],
  };
}

/**
 * Labels that somebody's opinion names, in force or not: such a label can't be deleted, for the opinion would name
 * nothing. Keys are those of `keyOf`.
 */
export function namedLabels(photos: readonly Photo[]): ReadonlySet<string> {
  const named = new Set<string>();
  for (const photo of photos) {
    if (photo.label) named.add(keyOf(photo.label));
    for (const { label } of photo.opinions) if (label) named.add(keyOf(label));
  }
  return named;
}
