import type { Photo } from '#shared/schema/photo.ts';
import { labelKey } from '#shared/schema/names.ts';
import type { LearntGuess, LibraryState } from '../../../state/contract.ts';
import { tl } from '../../../messages/text-library.ts';
import { formatNumber } from '../../../messages/i18n.svelte.ts';
import { confidence } from '#shared/schema/names.ts';
import { labelNames, labelOptions, type LabelOption, type LabelPick } from '../labels.ts';

/** One label that a guess of the model means; a merged class means several. */
export interface Choice {
  readonly id: string;
  readonly name: string;
  /** Softmax value 0 … 1 of the guessed class. */
  readonly score: number;
  /** Name of the merged class it belongs to; null where the class is the label itself. */
  readonly of: string | null;
  readonly pick: LabelPick;
}

type Labels = Pick<LibraryState, 'subClasses' | 'unknownLabels'>;

/** A class that a model guesses. */
interface ClassGuess {
  readonly label: { readonly name: string; readonly subClasses: readonly string[] };
  readonly score: number;
}

/** The guesses as labels, best first (P1-48). One that the library does not know yet is made when it is chosen. */
export function choicesOf(top: readonly ClassGuess[], labels: Labels): Choice[] {
  const names = labelNames(labels);
  return top.flatMap(({ label, score }) =>
    label.subClasses.map((id) => {
      const merged = label.subClasses.length > 1;
      const known = names.get(`sub-class ${id}`);
      const name = known ?? (merged ? id : label.name);
      const pick: LabelPick =
        known === undefined
          ? { kind: 'new', of: 'sub-class', name }
          : { kind: 'existing', choice: { kind: 'sub-class', id } };
      return { id, name, score, of: merged ? label.name : null, pick };
    }),
  );
}

/** What was learnt here as labels, best first; those that are gone are left out. */
export function learntChoices(top: readonly LearntGuess[], labels: Labels): Choice[] {
  const names = labelNames(labels);
  return top.flatMap(({ label: id, score }): Choice[] => {
    const name = names.get(`sub-class ${id}`);
    if (name === undefined) return [];
    return [{ id, name, score, of: null, pick: { kind: 'existing', choice: { kind: 'sub-class', id } } }];
  });
}

/** Type-ahead over all labels that starts from the guesses (P1-50): those that fit the typed text come first. */
export function searchFrom(choices: readonly Choice[], labels: Labels, query: string): LabelOption[] {
  const wanted = labelKey(query);
  const guessed = choices
    .filter((choice) => labelKey(choice.name).includes(wanted))
    .map((choice) => ({
      key: `sub-class ${choice.id}`,
      text: choice.name,
      hint: tl('label.guessHint', { value: formatNumber(confidence(choice.score)) }),
      value: choice.pick,
    }));
  const taken = new Set(guessed.map((option) => option.key));
  return [...guessed, ...labelOptions(labels, query).filter((option) => !taken.has(option.key))];
}

/** For each sub-class the photo that shows best what it means: good, and labelled last. One pass over the library. */
export function examplesOf(photos: readonly Photo[], ids: readonly string[]): ReadonlyMap<string, string> {
  const best = new Map<string, Photo>();
  const wanted = new Set(ids);
  for (const photo of photos) {
    const { label } = photo;
    if (label?.kind !== 'sub-class' || !wanted.has(label.id)) continue;
    if (photo.excluded || photo.faults.length > 0) continue;
    const other = best.get(label.id);
    if ((other?.label?.at ?? '') < label.at) best.set(label.id, photo);
  }
  return new Map([...best].map(([id, photo]) => [id, photo.id]));
}
