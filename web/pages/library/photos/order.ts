/** The order in which photos are shown: places of the whole list, so that another filter costs no sorting. */
import type { Photo } from '#shared/schema/photo.ts';

import type { Encoded } from './columns.ts';
import { FACETS, type FilterContext } from './facets.ts';
import { FACET_ORDERS, type Order } from './filter.ts';

type FacetOrder = (typeof FACET_ORDERS)[number];

/** All places of a list in an order; null where it is that of the list. */
export interface Sorted {
  readonly order: Order;
  readonly places: Uint32Array | null;
  readonly encoded: Encoded;
}

/** Orders two places of a list of photos. */
type Compare = (a: number, b: number) => number;

/** @param before the order so far: photos that keep their place cost nothing, few that move cost no sorting */
export function sortedBy(encoded: Encoded, order: Order, before: Sorted | null): Sorted {
  if (order === 'newest') return { order, places: null, encoded };
  const { photos, changed, context } = encoded;
  const known = before?.encoded.context;
  const named = known !== undefined && readBy(order, context) === readBy(order, known);
  if (before?.places && before.order === order && changed && named) {
    const was = before.encoded.photos;
    const moved = changed.filter((at) => !keepsPlace(was[at] as Photo, photos[at] as Photo, order, context));
    if (moved.length === 0) return { order, places: before.places, encoded };
    return { order, places: withMoved(before.places, moved, compareBy(encoded, order)), encoded };
  }
  const places = new Uint32Array(photos.length);
  for (let at = 0; at < places.length; at++) places[at] = at;
  if (order === 'oldest') places.reverse();
  else places.sort(compareBy(encoded, order));
  return { order, places, encoded };
}

/** What of the context an order depends on; undefined where the photos say all. */
function readBy(order: Order, context: FilterContext): unknown {
  if (order === 'label') return context.names;
  if (order === 'confidence') return context.guesses;
  return isFacetOrder(order) ? FACETS[order].reads?.(context) : undefined;
}

function isFacetOrder(order: Order): order is FacetOrder {
  return FACET_ORDERS.some((one) => one === order);
}

/** Equal ones stay newest first. Without a label comes last. */
function compareBy({ photos, column, context }: Encoded, order: Order): Compare {
  const at = (place: number): Photo => photos[place] as Photo;
  switch (order) {
    case 'newest':
      return (a, b) => a - b;
    case 'oldest':
      return (a, b) => b - a;
    case 'size':
      return (a, b) => at(b).bytes - at(a).bytes || a - b;
    case 'file':
      return byTexts(photos.map((photo) => photo.fileName));
    case 'labeller':
      return byTexts(photos.map((photo) => photo.label?.by ?? LAST));
    case 'taken': {
      const times = photos.map((photo) => photo.taken ?? '');
      return (a, b) => {
        const [x, y] = [times[a] as string, times[b] as string];
        return x === y ? a - b : x > y ? -1 : 1;
      };
    }
    case 'confidence': {
      const scores = photos.map((photo) => context.guesses.get(photo.id)?.score ?? 2);
      return (a, b) => (scores[a] as number) - (scores[b] as number) || a - b;
    }
    case 'label': {
      const ranks = labelRanks(context.names);
      const { codes, lists } = column('label');
      const rank = Array.from(lists.keys(), ([, , key]) => ranks.get(key ?? '') ?? ranks.size);
      return byRank(codes, rank);
    }
    default: {
      const { codes, lists } = column(order);
      // Photos without a value come last.
      const texts = Array.from(lists.keys(), (list) => list.join() || LAST);
      const sorted = texts.toSorted();
      return byRank(
        codes,
        texts.map((text) => sorted.indexOf(text)),
      );
    }
  }
}

function byRank(codes: Uint32Array, rank: readonly number[]): Compare {
  return (a, b) => (rank[codes[a] as number] as number) - (rank[codes[b] as number] as number) || a - b;
}

const LAST = '\u{10ffff}';

/** By code units: a hundred thousand names in the order of a language would take seconds. */
function byTexts(texts: readonly string[]): Compare {
  return (a, b) => {
    const [x, y] = [texts[a] as string, texts[b] as string];
    return x === y ? a - b : x < y ? -1 : 1;
  };
}

/** There are few labels, so those are in the order of the language. */
function labelRanks(names: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  const sorted = [...names].sort(([, a], [, b]) => compare(a, b));
  return new Map(sorted.map(([key], rank) => [key, rank]));
}

/** Whether a change leaves the photo where it is in this order. */
function keepsPlace(was: Photo, is: Photo, order: Order, context: FilterContext): boolean {
  switch (order) {
    case 'newest':
    case 'oldest':
    case 'confidence':
      return true;
    case 'size':
      return was.bytes === is.bytes;
    case 'file':
      return was.fileName === is.fileName;
    case 'labeller':
      return was.label?.by === is.label?.by;
    case 'label':
      return was.label?.id === is.label?.id && was.label?.kind === is.label?.kind;
    case 'taken':
      return was.taken === is.taken;
    default:
      return FACETS[order].valuesOf(was, context) === FACETS[order].valuesOf(is, context);
  }
}

function withMoved(places: Uint32Array, moved: readonly number[], compare: Compare): Uint32Array {
  const gone = new Set(moved);
  const news = moved.toSorted(compare);
  const merged = new Uint32Array(places.length);
  let [end, next] = [0, 0];
  for (const at of places) {
    if (gone.has(at)) continue;
    for (let one = news[next]; one !== undefined && compare(one, at) < 0; one = news[++next])
      merged[end++] = one;
    merged[end++] = at;
  }
  merged.set(news.slice(next), end);
  return merged;
}
