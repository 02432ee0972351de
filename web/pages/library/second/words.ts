import { labelKey } from '#shared/schema/names.ts';

import { tl } from '../../../messages/text-library.ts';
import { keyOf, type LabelPick } from '../labels.ts';
import type { Said } from './queue.ts';

/** A person as people read it; who gave no name has none. */
export function whoOf(by: string): string {
  return by === '' ? tl('second.nobody') : by;
}

/** Several people in one phrase. */
export function peopleOf(names: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(names.map(whoOf));
}

/** Key (`keyOf`) of the label that a pick comes to; a new name may be that of a label already there. */
export function pickKey(pick: LabelPick): string {
  return pick.kind === 'new' ? keyOf({ kind: pick.of, id: labelKey(pick.name) }) : keyOf(pick.choice);
}

/** What is told after an opinion: with whom it agrees, or what the others said. */
export function sayWords(
  others: readonly Said[],
  key: string,
  name: string,
  names: ReadonlyMap<string, string>,
): string {
  const against = others.find((o) => keyOf(o.label) !== key);
  if (!against) return tl('second.agree', { by: peopleOf(others.map((o) => o.by)), name });
  const theirs = names.get(keyOf(against.label)) ?? against.label.id;
  return tl('second.differ', { by: whoOf(against.by), theirs, name });
}
