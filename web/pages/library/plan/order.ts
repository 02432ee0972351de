import { inParts, total, type PlannedClass } from '#shared/dataset/plan.ts';
import type { DataSetOptions } from '#shared/schema/dataset.ts';

export const ORDERS = ['short', 'name', 'size'] as const;
export type Order = (typeof ORDERS)[number];

/** `short`: classes that lack photos first, the nearest to being in before the others. */
export function ordered(classes: readonly PlannedClass[], order: Order): readonly PlannedClass[] {
  const byName = (a: PlannedClass, b: PlannedClass): number => a.name.localeCompare(b.name);
  const lack = (c: PlannedClass): number => (c.shortBy === 0 ? Infinity : c.shortBy);
  const size = (c: PlannedClass): number => total(c.usable) + inParts(c.parts);
  switch (order) {
    case 'name':
      return classes.toSorted(byName);
    case 'size':
      return classes.toSorted((a, b) => size(b) - size(a) || byName(a, b));
    case 'short':
      return classes.toSorted((a, b) => (lack(a) === lack(b) ? byName(a, b) : lack(a) - lack(b)));
  }
}

/** The trainer's command for these numbers. */
export function commandOf(options: DataSetOptions): string {
  const { training, validation, test } = options.split;
  const split = [training, validation, test].map(String).join('-');
  const numbers = [
    `--minimum ${String(options.minimum)}`,
    `--maximum ${String(options.maximum)}`,
    `--staged-cap ${String(options.stagedCap)}`,
    `--split ${split}`,
    `--duplicate-distance ${String(options.duplicateDistance)}`,
    `--seed ${String(options.seed)}`,
  ];
  return ['menagerie run', ...numbers].join(' ');
}
