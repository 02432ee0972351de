import type { SetAtThreshold } from '../../state/contract-evidence.ts';
import type { EvidenceSet } from './evidence-set.ts';

/** Part of a whole, both in photos. */
export interface Fraction {
  readonly part: number;
  readonly of: number;
}

/** `chance`: a difference as large may come about by chance; `few`: too few photos to say anything. */
export type Certainty = 'sure' | 'chance' | 'few';

export const COMPARED = ['recall', 'precision', 'answered-right', 'answered-wrong'] as const;
export type Compared = (typeof COMPARED)[number];

/** One class of two versions by one figure. `change` is in shares of one; above 0 the newer value is higher. */
export interface ClassChange {
  readonly id: string;
  readonly name: string;
  readonly now: Fraction;
  readonly then: Fraction;
  readonly change: number;
  readonly certainty: Certainty;
}

/** One side of a comparison: a version's figures of one set. */
export interface Side {
  readonly labels: readonly { readonly id: string; readonly name: string }[];
  readonly set: EvidenceSet;
  /** Null while its scores are not at hand. */
  readonly answers: SetAtThreshold | null;
}

/** Fewer photos than this on either side say nothing. */
const FEW = 10;
/** Of the normal distribution: a difference beyond it comes about by chance in 1 of 20 classes. */
const LIMIT = 1.96;

/** Classes that both versions have, those that changed most first, better before worse; without photos none. */
export function classChanges(now: Side, then: Side, by: Compared): ClassChange[] {
  const columns = new Map(then.labels.map((label, column) => [label.id, column]));
  const [ofNow, ofThen] = [fractionsOf(now, by), fractionsOf(then, by)];
  return now.labels
    .flatMap(({ id, name }, column) => {
      const other = columns.get(id);
      const [a, b] = [ofNow(column), other === undefined ? null : ofThen(other)];
      if (a === null || b === null || (a.of === 0 && b.of === 0)) return [];
      return { id, name, now: a, then: b, change: share(a) - share(b), certainty: certaintyOf(a, b) };
    })
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || b.change - a.change || compare(a.id, b.id));
}

/** Classes that only one of two versions has, by name. */
export function onlyIn(one: Side['labels'], other: Side['labels']): string[] {
  const known = new Set(other.map((label) => label.id));
  return one.filter((label) => !known.has(label.id)).map((label) => label.name);
}

/** Can two shares differ by chance alone? A z-test of two proportions with the pooled share. */
export function certaintyOf(a: Fraction, b: Fraction): Certainty {
  if (a.of < FEW || b.of < FEW) return 'few';
  const pooled = (a.part + b.part) / (a.of + b.of);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / a.of + 1 / b.of));
  return spread > 0 && Math.abs(share(a) - share(b)) > LIMIT * spread ? 'sure' : 'chance';
}

export function share({ part, of }: Fraction): number {
  return of === 0 ? 0 : part / of;
}

/** The figure of each class by its column; null where it is not known. */
function fractionsOf({ set, answers }: Side, by: Compared): (column: number) => Fraction | null {
  if (by === 'recall') {
    return (column) => {
      const figures = set.classes[column];
      return figures ? { part: Math.round(figures.recall * figures.support), of: figures.support } : null;
    };
  }
  if (by === 'precision') return precisions(set);
  if (answers === null) return () => null;
  const { right, wrong, support } = answers.classes;
  return (column) => ({
    part: (by === 'answered-right' ? right : wrong)[column] ?? 0,
    of: support[column] ?? 0,
  });
}

/** Right guesses of a class out of all guesses that name it. */
function precisions({ cells }: EvidenceSet): (column: number) => Fraction {
  const [right, all] = [new Map<number, number>(), new Map<number, number>()];
  for (const { truth, guess, count } of cells) {
    all.set(guess, (all.get(guess) ?? 0) + count);
    if (truth === guess) right.set(guess, count);
  }
  return (column) => ({ part: right.get(column) ?? 0, of: all.get(column) ?? 0 });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
