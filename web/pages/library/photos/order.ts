import type { Photo } from '#shared/schema/photo.ts';

import { labelKeyOf, type FilterContext } from './facets.ts';
import type { Order } from './filter.ts';

/** Orders two places of a list of photos. */
export type Compare = (a: number, b: number) => number;

/** Equal ones stay newest first. Without a label comes last. */
export function orderOf(photos: readonly Photo[], order: Order, context: FilterContext): Compare {
  const at = (place: number): Photo => photos[place] as Photo;
  switch (order) {
    case 'newest':
      return (a, b) => a - b;
    case 'oldest':
      return (a, b) => b - a;
    case 'size':
      return (a, b) => at(b).bytes - at(a).bytes || a - b;
    case 'file':
      return (a, b) => byText(at(a).fileName, at(b).fileName) || a - b;
    case 'labeller':
      return (a, b) => byText(at(a).label?.by ?? LAST, at(b).label?.by ?? LAST) || a - b;
    case 'label': {
      const ranks = labelRanks(context.names);
      const rank = (photo: Photo): number => ranks.get(labelKeyOf(photo) ?? '') ?? ranks.size;
      return (a, b) => rank(at(a)) - rank(at(b)) || a - b;
    }
  }
}

const LAST = '\u{10ffff}';

/** By code units: a hundred thousand names in the order of a language would take seconds. */
function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** There are few labels, so those are in the order of the language. */
function labelRanks(names: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  const sorted = [...names].sort(([, a], [, b]) => compare(a, b));
  return new Map(sorted.map(([key], rank) => [key, rank]));
}
