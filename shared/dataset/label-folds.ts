import { nearDuplicateGroups } from './duplicates.ts';
import { groupedFolds } from './folds.ts';
import { compareText } from './random.ts';
import type { SeenPhotos } from './seen-photos.ts';

export interface LabelledPhoto {
  readonly photo: string;
  /** Id of a sub-class. */
  readonly label: string;
  /** Perceptual hash, 16 hex digits. */
  readonly hash: string;
}

/** Heads, each of which judges the photos that it never saw. A label needs as many photos that are no near-duplicates. */
export const FOLDS = 5;
const SEED = 20_210_416;

export interface Item {
  readonly photo: string;
  readonly label: string;
  readonly row: number;
}

/** Photos to judge, dealt into folds. */
export interface LabelFolds {
  /** Labels with enough photos. */
  readonly names: readonly string[];
  readonly items: readonly Item[];
  /** Place in `names` of each item's label. */
  readonly labels: Int32Array;
  readonly folds: Uint8Array;
  /** Labels with fewer than five photos that were seen and are no near-duplicates of each other. */
  readonly leftOut: readonly { readonly label: string; readonly photos: number }[];
  /** Labelled photos that the network has not seen. */
  readonly unseen: number;
}

/**
 * Whom to judge, in an order that does not depend on when they came, and in which fold: near-duplicates in the same one,
 * or a head would know the photo that it judges.
 * @param distance bits in which hashes of near-duplicates may differ
 */
export function labelFolds(seen: SeenPhotos, photos: Iterable<LabelledPhoto>, distance: number): LabelFolds {
  const all = [...photos].sort((a, b) => compareText(a.photo, b.photo));
  const known = all.flatMap(({ photo, label, hash }) => {
    const row = seen.rowOf(photo);
    return row === undefined ? [] : [{ photo, label, hash, row }];
  });
  const groups = nearDuplicateGroups(
    known.map(({ hash }) => hash),
    distance,
  );
  const apart = new Map<string, { readonly groups: Set<number>; photos: number }>();
  known.forEach(({ label }, item) => {
    const own = apart.get(label) ?? { groups: new Set(), photos: 0 };
    apart.set(label, own);
    own.groups.add(groups[item] as number);
    own.photos += 1;
  });
  const sorted = [...apart].sort(([a], [b]) => compareText(a, b));
  const names = sorted.flatMap(([label, own]) => (own.groups.size >= FOLDS ? [label] : []));
  const place = new Map(names.map((label, c) => [label, c]));
  const chosen = Array.from(known.keys()).filter((item) => place.has((known[item] as Item).label));
  const labels = Int32Array.from(chosen, (item) => place.get((known[item] as Item).label) ?? 0);
  const groupOf = Int32Array.from(chosen, (item) => groups[item] as number);
  return {
    names,
    items: chosen.map((item) => known[item] as Item),
    labels,
    folds: groupedFolds(labels, groupOf, FOLDS, SEED),
    leftOut: sorted.flatMap(([label, own]) => (place.has(label) ? [] : [{ label, photos: own.photos }])),
    unseen: all.length - known.length,
  };
}
