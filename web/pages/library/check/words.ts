import { tc } from '../../../messages/text-check.ts';
import type { CheckPass, CheckWish } from '../../../state/contract-check.ts';
import type { LibraryState } from '../../../state/contract.ts';

type Names = Pick<LibraryState, 'subClasses' | 'benchmarks'>;

/** A class of a version as people call it; one that it does not name by its id. */
export function className(labels: CheckPass['labels'], id: string): string {
  return labels.find((label) => label.id === id)?.name ?? id;
}

/** A part of a data set as people call it. */
export function setName(set: string, { benchmarks }: Pick<Names, 'benchmarks'>): string {
  const [, benchmark] = /^benchmark:(.*)$/s.exec(set) ?? [];
  if (benchmark !== undefined)
    return tc('set.benchmark', { name: benchmarks.find(({ id }) => id === benchmark)?.name ?? benchmark });
  return set === 'training' || set === 'validation' || set === 'test' ? tc(`set.${set}`) : set;
}

/** What a pass goes through. */
export function wishWords({ wish, labels }: Pick<CheckPass, 'wish' | 'labels'>, names: Names): string {
  switch (wish.kind) {
    case 'pair':
    case 'both':
      return tc(`wish.${wish.kind}`, pairNames(wish, labels));
    case 'class':
      return className(labels, wish.id);
    case 'label':
      return names.subClasses.find(({ id }) => id === wish.id)?.name ?? wish.id;
    case 'set':
      return setName(wish.name, names);
    default:
      return tc(`wish.${wish.kind}`);
  }
}

export function pairNames(
  { truth, predicted }: Pick<Extract<CheckWish, { kind: 'pair' }>, 'truth' | 'predicted'>,
  labels: CheckPass['labels'],
): { readonly truth: string; readonly predicted: string } {
  return { truth: className(labels, truth), predicted: className(labels, predicted) };
}

/** What a link to this room asks for: `?truth=…&predicted=…` (with `&both` for both classes whole), `?class=…`, `?label=…`. */
export function askedIn(search: string): CheckWish | null {
  const query = new URLSearchParams(search);
  const [truth, predicted] = [query.get('truth'), query.get('predicted')];
  if (truth && predicted) return { kind: query.has('both') ? 'both' : 'pair', truth, predicted };
  const [of, label] = [query.get('class'), query.get('label')];
  if (of) return { kind: 'class', id: of, all: true };
  return label ? { kind: 'label', id: label, all: true } : null;
}
