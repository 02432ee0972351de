/** What of a photo a filter looks at. Runs over every photo, so nothing is made that need not be. */
import { standingOf } from '#shared/dataset/opinions.ts';
import type { Benchmark } from '#shared/schema/benchmark.ts';
import type { Photo } from '#shared/schema/photo.ts';

import type { PhotoFilter } from '../../../state/contract.ts';
import { CHOICES, type ChoiceName } from './filter.ts';

/** What the photos themselves do not say. */
export interface FilterContext {
  /** Names of labels by kind and id, as in `labelNames`. */
  readonly names: ReadonlyMap<string, string>;
  /** Ids of the benchmarks that a photo is in, by photo. */
  readonly benchmarks: ReadonlyMap<string, readonly string[]>;
}

/** Photos by value, for every part of the filter that is counted. */
export type Counts = Readonly<Record<ChoiceName | 'label', ReadonlyMap<string, number>>>;

const NO_FAULT: readonly string[] = ['none'];
const NONE: readonly string[] = [];
const OUT: readonly string[] = ['out'];
const IN: readonly string[] = ['in'];

/** The values that a photo has of one part of the filter. */
export function valuesOf(photo: Photo, name: ChoiceName, context: FilterContext): readonly string[] {
  switch (name) {
    case 'origin':
      return single(photo.origin);
    case 'fault':
      return photo.faults.length === 0 ? NO_FAULT : photo.faults;
    case 'use':
      return photo.excluded ? OUT : IN;
    case 'source':
      return single(photo.source);
    case 'standing':
      return photo.label === null ? NONE : single(photo.opinions.length <= 1 ? 'single' : standingOf(photo));
    case 'person':
      return peopleOf(photo);
    case 'benchmark':
      return context.benchmarks.get(photo.id) ?? NONE;
  }
}

/** Lists of one value, each made once. */
const singles = new Map<string, readonly string[]>();

function single(value: string): readonly string[] {
  const known = singles.get(value);
  if (known) return known;
  const list = [value];
  singles.set(value, list);
  return list;
}

function peopleOf({ opinions }: Photo): readonly string[] {
  const [first] = opinions;
  if (!first) return NONE;
  if (opinions.length === 1) return first.label ? single(first.by) : NONE;
  return opinions.filter((o) => o.label !== null).map((o) => o.by);
}

const keys = new Map<string, { readonly 'sub-class': string; readonly unknown: string }>();

/** Kind and id of the photo's label as one key, without a new string for every photo; null without a label. */
export function labelKeyOf({ label }: Photo): string | null {
  if (!label) return null;
  let both = keys.get(label.id);
  if (!both)
    keys.set(label.id, (both = { 'sub-class': `sub-class ${label.id}`, unknown: `unknown ${label.id}` }));
  return both[label.kind];
}

/** A filter made ready for a hundred thousand photos. */
export interface Question {
  readonly filter: PhotoFilter;
  readonly context: FilterContext;
  readonly text: string;
  /** Ids of labels whose names hold the text. */
  readonly textLabels: ReadonlySet<string>;
  /** Times of adding, as ISO 8601: from, and before. */
  readonly from: string;
  readonly before: string;
}

export function questionOf(filter: PhotoFilter, context: FilterContext): Question {
  const text = filter.text.normalize('NFC').trim().toLowerCase();
  const named = [...context.names].filter(([, name]) => name.toLowerCase().includes(text));
  return {
    filter,
    context,
    text,
    textLabels: new Set(text === '' ? [] : named.map(([key]) => key)),
    from: dayStart(filter.from, 0),
    before: dayStart(filter.to, 1),
  };
}

function dayStart(day: string, later: number): string {
  const [year, month, date] = day.split('-').map(Number);
  if (year === undefined || month === undefined || date === undefined) return '';
  const time = new Date(year, month - 1, date + later);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}

/** Fits whatever is not counted: the text and the days. */
function fitsRest(photo: Photo, { text, textLabels, from, before }: Question): boolean {
  if (from !== '' && photo.addedAt < from) return false;
  if (before !== '' && photo.addedAt >= before) return false;
  if (text === '') return true;
  const key = labelKeyOf(photo);
  return (key !== null && textLabels.has(key)) || photo.fileName.toLowerCase().includes(text);
}

function fitsLabel(photo: Photo, wanted: string): boolean {
  if (wanted === 'all') return true;
  const key = labelKeyOf(photo);
  if (wanted === 'unlabelled') return key === null;
  return key !== null && (wanted === 'labelled' || key === wanted);
}

/**
 * Which part of the filter a photo misses: `none`, one by its name, or `more`. A value's count says how many photos
 * there would be with it in place of what is ticked beside it, so a photo counts there that misses that part alone.
 */
export type Miss = 'none' | 'more' | 'label' | ChoiceName;

export function missOf(photo: Photo, question: Question): Miss {
  if (!fitsRest(photo, question)) return 'more';
  let miss: Miss = fitsLabel(photo, question.filter.label) ? 'none' : 'label';
  for (const name of CHOICES) {
    const wanted: readonly string[] = question.filter[name];
    if (wanted.length === 0) continue;
    if (valuesOf(photo, name, question.context).some((value) => wanted.includes(value))) continue;
    if (miss !== 'none') return 'more';
    miss = name;
  }
  return miss;
}

/** In which benchmarks each photo is. */
export function benchmarksOf(benchmarks: readonly Benchmark[]): ReadonlyMap<string, readonly string[]> {
  const byPhoto = new Map<string, string[]>();
  for (const { id, items } of benchmarks)
    for (const { photo } of items) byPhoto.set(photo, [...(byPhoto.get(photo) ?? []), id]);
  return byPhoto;
}
