/**
 * What a filter looks at, as one number for each photo and facet. There are few different lists of values, so a filter
 * is decided for each list once, and a hundred thousand photos are looked up in it.
 */
import type { Photo } from '#shared/schema/photo.ts';

import { FACETS, type Facet, type FacetName, type FilterContext } from './facets.ts';

export interface Column {
  /** For each photo the number of its list. */
  readonly codes: Uint32Array;
  /** Number of each list, in the order of the numbers; it only ever grows. */
  readonly lists: ReadonlyMap<readonly string[], number>;
}

/** What is known of a list of photos. */
export interface Encoded {
  readonly photos: readonly Photo[];
  readonly context: FilterContext;
  /** A facet's column: read when it is first asked for, since most facets are not looked at most of the time. */
  readonly column: (name: FacetName) => Column;
  readonly columns: Columns;
  /** Places whose record is another one than in the list before; null where everything is to be read anew. */
  readonly changed: readonly number[] | null;
}

/** Those that were asked for so far. */
type Columns = ReadonlyMap<FacetName, Column>;

/** More changes than this are read in one go over everything. */
const FEW = 2000;

/** @param before the same for the list so far: where few photos changed since, only those are read again */
export function encode(photos: readonly Photo[], context: FilterContext, before: Encoded | null): Encoded {
  const changed = before && changedPlaces(before.photos, photos);
  const columns = new Map<FacetName, Column>();
  if (before && changed) {
    for (const [name, column] of before.columns) {
      const facet = FACETS[name];
      if (facet.reads?.(context) !== facet.reads?.(before.context)) continue;
      columns.set(name, changedColumn(column, photos, changed, facet, context));
    }
  }
  const column = (name: FacetName): Column => {
    let known = columns.get(name);
    if (!known) columns.set(name, (known = wholeColumn(photos, FACETS[name], context)));
    return known;
  };
  return { photos, context, column, columns, changed };
}

function wholeColumn(photos: readonly Photo[], facet: Facet, context: FilterContext): Column {
  const codes = new Uint32Array(photos.length);
  const lists = new Map<readonly string[], number>();
  for (let at = 0; at < photos.length; at++)
    codes[at] = numberOf(lists, facet.valuesOf(photos[at] as Photo, context));
  return { codes, lists };
}

function changedColumn(
  before: Column,
  photos: readonly Photo[],
  changed: readonly number[],
  facet: Facet,
  context: FilterContext,
): Column {
  if (changed.length === 0) return before;
  const codes = before.codes.slice();
  const lists = before.lists as Map<readonly string[], number>;
  for (const at of changed) codes[at] = numberOf(lists, facet.valuesOf(photos[at] as Photo, context));
  return { codes, lists };
}

function numberOf(lists: Map<readonly string[], number>, list: readonly string[]): number {
  let number = lists.get(list);
  if (number === undefined) lists.set(list, (number = lists.size));
  return number;
}

/** Places whose record is another one; null for too many, or for other places. */
function changedPlaces(before: readonly Photo[], after: readonly Photo[]): number[] | null {
  const changed: number[] = [];
  if (before === after) return changed;
  if (before.length !== after.length) return null;
  for (let at = 0; at < after.length; at++) {
    if (before[at] === after[at]) continue;
    changed.push(at);
    if (changed.length > FEW) return null;
  }
  return changed;
}
