/** Which classes want more photos, by what the library has (P4-18 … P4-20, P4-24). */
import type { Benchmark } from '#shared/schema/benchmark.ts';
import type { Origin, Photo } from '#shared/schema/photo.ts';

import type { BulkLabel } from '../../../state/contract-bulk.ts';
import { classesOf, type Classes } from '../augment/subjects.ts';
import type { LibraryState } from '../../../state/contract.ts';

/** A class as training has it, after merge rules, with the photos that may train. */
export interface Need {
  readonly id: string;
  readonly name: string;
  readonly counts: Readonly<Record<Origin, number>>;
}

export interface Needs {
  /** Sorted by id. */
  readonly classes: readonly Need[];
  /** The class of a sub-class. */
  readonly classOf: (subClass: string) => Need | undefined;
}

type Source = Pick<LibraryState, 'photos' | 'subClasses' | 'mergeRules' | 'benchmarks'>;

/** Counts photos of each class in one pass: without those kept out of training and those of benchmarks. */
export function needsOf({ photos, subClasses, mergeRules, benchmarks }: Source): Needs {
  const classes = classesOf({ subClasses, mergeRules });
  const held = heldBy(benchmarks);
  const counts = new Map<string, Record<Origin, number>>(
    classes.classes.map(({ id }) => [id, { real: 0, staged: 0, synthetic: 0 }]),
  );
  for (const photo of photos) {
    const own = trains(photo) && !held.has(photo.id) ? counts.get(classOfPhoto(photo, classes) ?? '') : null;
    if (own) own[photo.origin] += 1;
  }
  const needs = classes.classes.map(({ id, name }) => ({
    id,
    name,
    counts: counts.get(id) ?? { real: 0, staged: 0, synthetic: 0 },
  }));
  const byId = new Map<string, Need>(needs.map((need) => [need.id, need]));
  const bySub = new Map(
    classes.classes.flatMap((c) => c.subClasses.map((sub) => [sub as string, byId.get(c.id)])),
  );
  return { classes: needs, classOf: (sub) => bySub.get(sub) };
}

function heldBy(benchmarks: readonly Benchmark[]): ReadonlySet<string> {
  return new Set(benchmarks.flatMap(({ items }) => items.map(({ photo }) => photo)));
}

function trains({ label, excluded }: Photo): boolean {
  return label?.kind === 'sub-class' && !excluded;
}

function classOfPhoto({ label }: Photo, { classOf }: Classes): string | undefined {
  return label ? classOf(label.id) : undefined;
}

export function photosOf({ counts }: Need): number {
  return counts.real + counts.staged + counts.synthetic;
}

export function isShort(need: Need, minimum: number): boolean {
  return photosOf(need) < minimum;
}

/** Staged photos fill it up: the real ones alone are too few. */
export function leansOnStaged({ counts }: Need, minimum: number): boolean {
  return counts.staged > 0 && counts.real < minimum;
}

/** Classes that a run with a lower minimum would know besides (P4-24). */
export function gainedAt({ classes }: Needs, minimum: number, lower: number): readonly Need[] {
  return classes.filter((need) => isShort(need, minimum) && !isShort(need, lower));
}

/** What the library has of a version's class; undefined where it knows none of its sub-classes. */
export function needOf(label: BulkLabel, { classOf }: Needs): Need | undefined {
  for (const sub of label.subClasses) {
    const need = classOf(sub);
    if (need) return need;
  }
  return undefined;
}
