import { tl } from '../../../messages/text-library.ts';
import type { LabelChoice, LibraryState } from '../../../state/contract.ts';
import { keyOf, type LabelPick } from '../labels.ts';

/** A label that a button offers, with its name. */
export interface NamedPick {
  readonly pick: LabelPick;
  readonly name: string;
}

/** Labels with their names; those that are gone are left out. */
export function namedPicks(choices: readonly LabelChoice[], names: ReadonlyMap<string, string>): NamedPick[] {
  return choices.flatMap((choice) => {
    const name = names.get(keyOf(choice));
    return name === undefined ? [] : [{ name, pick: { kind: 'existing', choice } }];
  });
}

/** The unknown labels in the order in which they were made (P1-44); before there is any, one to begin with. */
export function unknownPicks({ unknownLabels }: Pick<LibraryState, 'unknownLabels'>): NamedPick[] {
  const first: NamedPick = {
    name: tl('walk.firstUnknown'),
    pick: { kind: 'new', of: 'unknown', name: tl('walk.firstUnknown') },
  };
  if (unknownLabels.length === 0) return [first];
  return unknownLabels
    .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
    .map(({ id, name }) => ({ name, pick: { kind: 'existing', choice: { kind: 'unknown', id } } }));
}
