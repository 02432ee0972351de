/**
 * What of a photo a filter looks at. A new kind of filter is one entry in `FACETS`, its name among `CHOICES` and its
 * list in `PhotoFilter`; counting, matching and keeping up with changes follow from that.
 */
import { standingOf } from '#shared/dataset/opinions.ts';
import { hintsOf } from '#shared/image/hints.ts';
import type { Benchmark } from '#shared/schema/benchmark.ts';
import type { MergeRule } from '#shared/schema/label.ts';
import type { Photo } from '#shared/schema/photo.ts';

import type { PhotoFilter } from '../../../state/contract.ts';
import { CHOICES, type ChoiceName } from './filter.ts';
import { sureness, verdictOf, type Guesses } from './guesses.ts';
import type { Twins } from './twins.ts';
import { listOf, listOfOne } from './value-lists.ts';

/** What the photos themselves do not say. */
export interface FilterContext {
  /** Names of labels by kind and id, as in `labelNames`. */
  readonly names: ReadonlyMap<string, string>;
  /** Ids of the benchmarks that a photo is in, by photo. */
  readonly benchmarks: ReadonlyMap<string, readonly string[]>;
  /** Ids of the merged class that a sub-class is part of, as a list of one, by sub-class. */
  readonly classes: ReadonlyMap<string, readonly string[]>;
  /** What the published model guesses. */
  readonly guesses: Guesses;
  /** Look-alikes; null until they were searched. */
  readonly twins: Twins | null;
}

export type FacetName = ChoiceName | 'label';
export const FACET_NAMES: readonly FacetName[] = [...CHOICES, 'label'];

export interface Facet {
  /** The values that a photo has, as `listOf` or `listOfOne` gives them: equal lists are one list. */
  readonly valuesOf: (photo: Photo, context: FilterContext) => readonly string[];
  /** The part of the context that the values depend on; none where the photo says all. */
  readonly reads?: (context: FilterContext) => unknown;
}

const NONE = listOf([]);
const NO_FAULT = listOf(['none']);
const OUT = listOf(['out']);
const IN = listOf(['in']);

export const FACETS: Readonly<Record<FacetName, Facet>> = {
  label: { valuesOf: labelValues },
  class: {
    valuesOf: ({ label }, { classes }) =>
      (label?.kind === 'sub-class' ? classes.get(label.id) : undefined) ?? NONE,
    reads: (context) => context.classes,
  },
  origin: { valuesOf: (photo) => listOfOne(photo.origin) },
  fault: { valuesOf: ({ faults }) => (faults.length === 0 ? NO_FAULT : listOf(faults)) },
  use: { valuesOf: (photo) => (photo.excluded ? OUT : IN) },
  source: { valuesOf: (photo) => listOfOne(photo.source) },
  standing: {
    valuesOf: (photo) => {
      if (photo.label === null) return NONE;
      return listOfOne(photo.opinions.length <= 1 ? 'single' : standingOf(photo));
    },
  },
  person: {
    valuesOf: ({ opinions }) => {
      const [first] = opinions;
      if (opinions.length === 1 && first?.label) return listOfOne(first.by);
      return listOf(opinions.filter((o) => o.label !== null).map((o) => o.by));
    },
  },
  benchmark: {
    valuesOf: (photo, { benchmarks }) => {
      const ids = benchmarks.get(photo.id);
      return ids ? listOf(ids) : NONE;
    },
    reads: (context) => context.benchmarks,
  },
  twin: {
    valuesOf: (photo, { twins }) => (twins ? listOfOne(twins.get(photo.id) ?? 'alone') : NONE),
    reads: (context) => context.twins,
  },
  hint: {
    valuesOf: (photo) => {
      const hints = hintsOf(photo);
      return hints.length === 0 ? NO_FAULT : listOf(hints.map(({ reason }) => reason));
    },
  },
  guess: {
    valuesOf: (photo, { guesses }) => {
      const guess = guesses.get(photo.id);
      return guess ? listOfOne(guess.label) : NONE;
    },
    reads: (context) => context.guesses,
  },
  verdict: {
    valuesOf: (photo, { guesses }) => {
      const verdict = verdictOf(photo, guesses.get(photo.id));
      return verdict === null ? NONE : listOfOne(verdict);
    },
    reads: (context) => context.guesses,
  },
  sure: {
    valuesOf: (photo, { guesses }) => listOfOne(sureness(guesses.get(photo.id))),
    reads: (context) => context.guesses,
  },
};

/** The values asked for, of which a photo must have one; none asks for nothing. */
export function wantedOf(filter: PhotoFilter, name: FacetName): readonly string[] {
  if (name !== 'label') return filter[name];
  return filter.label === 'all' ? [] : [filter.label];
}

const UNLABELLED = listOf(['all', 'unlabelled']);

/** Lists by id of the label, since most photos share theirs with others. */
const labels = new Map<string, Readonly<Record<'sub-class' | 'unknown', readonly string[]>>>();

function labelValues({ label }: Photo): readonly string[] {
  if (!label) return UNLABELLED;
  let both = labels.get(label.id);
  if (!both) {
    const of = (kind: string): readonly string[] => listOf(['all', 'labelled', `${kind} ${label.id}`]);
    labels.set(label.id, (both = { 'sub-class': of('sub-class'), unknown: of('unknown') }));
  }
  return both[label.kind];
}

/** Kind and id of the photo's label as one key; null without a label. */
export function labelKeyOf(photo: Photo): string | null {
  return labelValues(photo)[2] ?? null;
}

/** The merged class of each sub-class that is in one (P1-51). */
export function classesOf(rules: readonly MergeRule[]): ReadonlyMap<string, readonly string[]> {
  return new Map(rules.flatMap(({ id, subClasses }) => subClasses.map((sub) => [sub, listOfOne(id)])));
}

/** In which benchmarks each photo is. */
export function benchmarksOf(benchmarks: readonly Benchmark[]): ReadonlyMap<string, readonly string[]> {
  const byPhoto = new Map<string, string[]>();
  for (const { id, items } of benchmarks)
    for (const { photo } of items) byPhoto.set(photo, [...(byPhoto.get(photo) ?? []), id]);
  return byPhoto;
}
