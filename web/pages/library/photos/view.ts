/** The photos that fit a filter, in order, with the counts beside its values: one pass, and less after one change. */
import type { Photo } from '#shared/schema/photo.ts';

import {
  labelKeyOf,
  missOf,
  questionOf,
  valuesOf,
  type FilterContext,
  type Miss,
  type Question,
} from './facets.ts';
import type { PhotoFilter } from '../../../state/contract.ts';
import { CHOICES, type ChoiceName, type Order } from './filter.ts';
import { orderOf, type Compare } from './order.ts';

type MutableCounts = Record<ChoiceName | 'label', Map<string, number>>;

/** What is shown of a library. */
export interface View {
  readonly photos: readonly Photo[];
  /** Places in `photos` of those that fit, in the order asked for; the same list as before where nothing moved. */
  readonly places: readonly number[];
  /** Photos by part of the filter and value. A photo counts where it fits all other parts. */
  readonly counts: Readonly<Record<ChoiceName | 'label', ReadonlyMap<string, number>>>;
  readonly question: Question;
  readonly order: Order;
}

/** More changes than this are looked at in one pass over everything. */
const FEW = 2000;

/** @param before the view so far: where only few photos changed since, only those are looked at again */
export function viewOf(
  photos: readonly Photo[],
  filter: PhotoFilter,
  order: Order,
  context: FilterContext,
  before: View | null,
): View {
  const same = before && before.question.filter === filter && before.question.context === context;
  if (!same || before.photos.length !== photos.length)
    return wholeView(photos, questionOf(filter, context), order);
  if (before.order !== order) return { ...before, photos, order, places: ordered(photos, before, order) };
  const changed = changedPlaces(before.photos, photos);
  if (changed === null) return wholeView(photos, before.question, order);
  return changed.length === 0 ? { ...before, photos } : changedView(before, photos, changed);
}

function ordered(photos: readonly Photo[], before: View, order: Order): readonly number[] {
  return sorted(
    photos,
    before.places.toSorted((a, b) => a - b),
    order,
    before.question.context,
  );
}

function sorted(
  photos: readonly Photo[],
  places: number[],
  order: Order,
  context: FilterContext,
): readonly number[] {
  if (order === 'newest') return places;
  return order === 'oldest' ? places.reverse() : places.sort(orderOf(photos, order, context));
}

function wholeView(photos: readonly Photo[], question: Question, order: Order): View {
  const counts = noCounts();
  const places: number[] = [];
  for (let at = 0; at < photos.length; at++) {
    const photo = photos[at] as Photo;
    const miss = missOf(photo, question);
    if (miss === 'none') places.push(at);
    count(counts, photo, miss, question.context, 1);
  }
  return { photos, places: sorted(photos, places, order, question.context), counts, question, order };
}

function noCounts(): MutableCounts {
  const empty = [...CHOICES, 'label' as const].map((name) => [name, new Map<string, number>()] as const);
  return Object.fromEntries(empty) as MutableCounts;
}

function count(counts: MutableCounts, photo: Photo, miss: Miss, context: FilterContext, by: 1 | -1): void {
  if (miss === 'more') return;
  if (miss === 'none' || miss === 'label') {
    const key = labelKeyOf(photo);
    add(counts.label, 'all', by);
    add(counts.label, key === null ? 'unlabelled' : 'labelled', by);
    if (key !== null) add(counts.label, key, by);
  }
  if (miss === 'label') return;
  for (const name of CHOICES) {
    if (miss !== 'none' && miss !== name) continue;
    const values = valuesOf(photo, name, context);
    for (let i = 0; i < values.length; i++) add(counts[name], values[i] as string, by);
  }
}

function add(map: Map<string, number>, key: string, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}

/** Places whose record is another one; null for too many. */
function changedPlaces(before: readonly Photo[], after: readonly Photo[]): number[] | null {
  const changed: number[] = [];
  if (before === after) return changed;
  for (let at = 0; at < after.length; at++) {
    if (before[at] === after[at]) continue;
    changed.push(at);
    if (changed.length > FEW) return null;
  }
  return changed;
}

function changedView(before: View, photos: readonly Photo[], changed: readonly number[]): View {
  const { question, order } = before;
  const counts = Object.fromEntries(
    Object.entries(before.counts).map(([name, map]) => [name, new Map(map)]),
  ) as MutableCounts;
  const compare = orderOf(photos, order, question.context);
  const moved = new Set<number>();
  const fitting: number[] = [];
  for (const at of changed) {
    const [was, is] = [before.photos[at] as Photo, photos[at] as Photo];
    const [missed, misses] = [missOf(was, question), missOf(is, question)];
    count(counts, was, missed, question.context, -1);
    count(counts, is, misses, question.context, 1);
    const stays = (missed === 'none') === (misses === 'none') && keepsPlace(was, is, order);
    if (stays) continue;
    moved.add(at);
    if (misses === 'none') fitting.push(at);
  }
  const places = moved.size === 0 ? before.places : replaced(before.places, moved, fitting, compare);
  return { photos, places, counts, question, order };
}

/** Whether a change leaves the photo where it is in this order. */
function keepsPlace(was: Photo, is: Photo, order: Order): boolean {
  if (was.addedAt !== is.addedAt || was.id !== is.id) return false;
  if (order === 'label') return was.label?.id === is.label?.id && was.label?.kind === is.label?.kind;
  if (order === 'labeller') return was.label?.by === is.label?.by;
  return true;
}

function replaced(
  places: readonly number[],
  moved: ReadonlySet<number>,
  fitting: readonly number[],
  compare: Compare,
): readonly number[] {
  const kept = places.filter((at) => !moved.has(at));
  const news = fitting.toSorted(compare);
  if (news.length === 0) return kept;
  const merged: number[] = [];
  let next = 0;
  for (const at of kept) {
    for (let one = news[next]; one !== undefined && compare(one, at) < 0; one = news[++next])
      merged.push(one);
    merged.push(at);
  }
  return [...merged, ...news.slice(next)];
}
