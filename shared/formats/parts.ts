/** How other programs call the parts of a data set. */
import type { Part } from '../schema/dataset.ts';

const NAMES: Readonly<Record<Part, readonly string[]>> = {
  training: ['train', 'training'],
  validation: ['val', 'valid', 'validation', 'validate', 'dev'],
  test: ['test', 'testing'],
};

/** The name that all readers of a format with parts know. */
export const PART_FOLDER: Readonly<Record<Part, string>> = {
  training: 'train',
  validation: 'val',
  test: 'test',
};

const PART_OF = new Map(
  Object.entries(NAMES).flatMap(([part, names]) => names.map((name) => [name, part as Part] as const)),
);

/** The part that a word names; null for any other. */
export function partOf(word: string): Part | null {
  return PART_OF.get(word.trim().toLowerCase()) ?? null;
}

/** The part that the name of a file is about (`instances_val2017.json`); null where it names none, or several. */
export function partInName(name: string): Part | null {
  const words = name.toLowerCase().match(/[a-z]+/g) ?? [];
  const parts = new Set(words.map(partOf).filter((part) => part !== null));
  const [part] = parts;
  return parts.size === 1 && part !== undefined ? part : null;
}

/** Photos by part, in the order of a data set; one list with `null` where they have none. */
export function byPart<T extends { readonly part: Part | null }>(
  photos: readonly T[],
): readonly (readonly [Part | null, readonly T[]])[] {
  const lists = new Map<Part | null, T[]>();
  for (const photo of photos) {
    const list = lists.get(photo.part);
    if (list) list.push(photo);
    else lists.set(photo.part, [photo]);
  }
  const order = [...PART_OF.values(), null];
  return [...lists].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}
