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
      return byTexts(photos.map((photo) => photo.fileName));
    case 'labeller':
      return byTexts(photos.map((photo) => photo.label?.by ?? LAST));
    case 'label': {
      const ranks = labelRanks(context.names);
      const placed = Int32Array.from(photos, (photo) => ranks.get(labelKeyOf(photo) ?? '') ?? ranks.size);
      return (a, b) => (placed[a] as number) - (placed[b] as number) || a - b;
    }
  }
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
