/** The photos that fit a filter, in order, with the counts beside its values. */
import type { Photo } from '#shared/schema/photo.ts';

import type { PhotoFilter } from '../../../state/contract.ts';
import { encode, type Column, type Encoded } from './columns.ts';
import { FACET_NAMES, type FacetName, type FilterContext } from './facets.ts';
import type { Order } from './filter.ts';
import { sortedBy, type Sorted } from './order.ts';
import { questionOf, type Question } from './question.ts';

export type Counts = (name: FacetName) => ReadonlyMap<string, number>;

/** What is shown of a library. */
export interface View {
  readonly photos: readonly Photo[];
  /** Places in `photos` of those that fit, in the order asked for; the same list as before where nothing moved. */
  readonly places: readonly number[];
  /**
   * Photos by value of a part of the filter, counted when they are asked for. A value's count says how many photos there would be with it in place of
   * what is ticked beside it.
   */
  readonly counts: Counts;
  readonly encoded: Encoded;
  readonly sorted: Sorted;
}

/** @param before the view so far: what it knows of the photos is not found out again */
export function viewOf(
  photos: readonly Photo[],
  filter: PhotoFilter,
  order: Order,
  context: FilterContext,
  before: View | null,
): View {
  const encoded = encode(photos, context, before?.encoded ?? null);
  const sorted = sortedBy(encoded, order, before?.sorted ?? null);
  const misses = missesOf(photos.length, questionOf(filter, encoded));
  const fitting = placesOf(misses, sorted);
  const places = before && sameNumbers(before.places, fitting) ? before.places : fitting;
  return { photos, places, counts: countsOf(encoded, misses), encoded, sorted };
}

const FITS = 0;
const MISSES_MORE = 255;

/**
 * For each photo which part of the filter it misses: `FITS`, 1 + the place of the part in `FACET_NAMES` where it is
 * that one alone, else `MISSES_MORE`.
 */
function missesOf(length: number, { asked, rest }: Question): Uint8Array {
  const misses = new Uint8Array(length);
  for (const { name, codes, fits } of asked) {
    const part = 1 + FACET_NAMES.indexOf(name);
    for (let at = 0; at < length; at++) {
      if (fits[codes[at] as number] === 1) continue;
      misses[at] = misses[at] === FITS ? part : MISSES_MORE;
    }
  }
  if (rest) for (let at = 0; at < length; at++) if (!rest(at)) misses[at] = MISSES_MORE;
  return misses;
}

function placesOf(misses: Uint8Array, { places }: Sorted): number[] {
  const fitting: number[] = [];
  for (let i = 0; i < misses.length; i++) {
    const at = places ? (places[i] as number) : i;
    if (misses[at] === FITS) fitting.push(at);
  }
  return fitting;
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A photo counts in a part of the filter where it fits all the others. */
function countsOf({ column }: Encoded, misses: Uint8Array): Counts {
  const counted = new Map<FacetName, ReadonlyMap<string, number>>();
  return (name) => {
    let counts = counted.get(name);
    if (!counts) {
      counts = countOf(column(name), misses, 1 + FACET_NAMES.indexOf(name));
      counted.set(name, counts);
    }
    return counts;
  };
}

function countOf({ codes, lists }: Column, misses: Uint8Array, part: number): ReadonlyMap<string, number> {
  const ofList = new Uint32Array(lists.size);
  for (let at = 0; at < codes.length; at++) {
    const miss = misses[at];
    if (miss !== FITS && miss !== part) continue;
    const list = codes[at] as number;
    ofList[list] = (ofList[list] as number) + 1;
  }
  const counts = new Map<string, number>();
  for (const [list, number] of lists) {
    const n = ofList[number] as number;
    if (n > 0) for (const value of list) counts.set(value, (counts.get(value) ?? 0) + n);
  }
  return counts;
}
