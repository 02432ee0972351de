import { createRandom } from './random.ts';

/**
 * Deals items into folds so that each label is spread over all of them as evenly as its groups let it, and no group is in
 * two of them. Larger groups are dealt first, each to the fold with the fewest items of its labels.
 * @param labels of each item, 0, 1, 2 …
 * @param groups of each item, 0, 1, 2 …: items that must stay together
 * @returns the fold of each item, 0 … folds − 1; the same for the same items and seed
 */
export function groupedFolds(
  labels: Int32Array,
  groups: Int32Array,
  folds: number,
  seed: number,
): Uint8Array {
  const members = createRandom(seed)
    .shuffle(membersOf(groups))
    .sort((a, b) => b.length - a.length);
  const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const held = Array.from({ length: folds }, () => ({ of: new Int32Array(classes), all: 0 }));
  const result = new Uint8Array(labels.length);
  for (const group of members) {
    const crowd = held.map(({ of, all }) => ({
      own: group.reduce((sum, item) => sum + (of[labels[item] as number] as number), 0),
      all,
    }));
    const fold = indexOfLeast(crowd);
    const into = held[fold];
    for (const item of group) {
      result[item] = fold;
      if (!into) continue;
      const label = labels[item] as number;
      into.of[label] = (into.of[label] as number) + 1;
      into.all += 1;
    }
  }
  return result;
}

interface Crowd {
  /** Items with the labels in question. */
  readonly own: number;
  readonly all: number;
}

function indexOfLeast(crowd: readonly Crowd[]): number {
  const order = Array.from(crowd.entries()).sort(([, a], [, b]) => a.own - b.own || a.all - b.all);
  return order[0]?.[0] ?? 0;
}

function membersOf(groups: Int32Array): number[][] {
  const members = new Map<number, number[]>();
  groups.forEach((group, item) => {
    const list = members.get(group);
    if (list) list.push(item);
    else members.set(group, [item]);
  });
  return [...members.values()];
}
