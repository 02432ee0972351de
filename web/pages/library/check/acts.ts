/** Decisions of the double-check, each one act that can be undone (P3-07 … P3-09). */
import type { MergeRule, SubClass } from '#shared/schema/label.ts';
import { labelKey } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import { tc } from '../../../messages/text-check.ts';
import { keepChange } from '../../../storage/checks.ts';
import type { Kept, LibraryState, PartEdit } from '../../../state/contract.ts';
import { mergeChanges, tidy, whyNotMerge, type RuleDraft } from '../classes/rules.ts';

type Version = Kept['version'];
type Who = Pick<LibraryState, 'person'>;

/** Longest reason, as it is stored. */
export const MAX_REASON = 500;

/** The photo stays as it is, for this version; nothing where it has no label to keep. */
export function keeping(photo: Photo, version: Version, reason: string, { person }: Who): PartEdit[] {
  if (!photo.label) return [];
  const at = new Date().toISOString();
  return [keepChange({ photo: photo.id, version, label: photo.label.id, reason, by: person, at })];
}

export function keep(library: LibraryState, photo: Photo, version: Version, reason: string): Promise<void> {
  const words = { kind: 'check', name: '', photos: 1 } as const;
  return library.changeParts(words, keeping(photo, version, reason, library));
}

/** A sub-class of exceptions in the making. */
export interface Exceptions {
  /** The sub-class that they are exceptions of. */
  readonly of: SubClass;
  readonly name: string;
}

type Rules = Pick<LibraryState, 'subClasses' | 'mergeRules'>;

/** The rule that keeps exceptions in the class of what they are exceptions of: the one there is, or a new one of its name. */
function ruleFor({ of, name }: Exceptions, { mergeRules }: Rules): RuleDraft {
  const was: MergeRule | null = mergeRules.find((rule) => rule.subClasses.includes(of.id)) ?? null;
  const subClasses = [...new Set([...(was?.subClasses ?? [of.id]), labelKey(name)])];
  return { was, name: was?.name ?? of.name, note: was?.note ?? '', subClasses };
}

/** Why it can't be, in words; null when it can. */
export function whyNotExceptions(exceptions: Exceptions, library: Rules): string | null {
  const id = labelKey(exceptions.name);
  if (id === '') return tc('exceptions.needsName');
  if (library.subClasses.some((label) => label.id === id)) return tc('exceptions.taken');
  const subClasses = [...library.subClasses, { ...exceptions.of, id, name: exceptions.name }];
  return whyNotMerge({ subClasses, mergeRules: library.mergeRules }, ruleFor(exceptions, library));
}

/** Makes the sub-class, merges it so that the model's class stays, and puts the photo in, which is thereby kept. */
export function makeExceptions(
  library: LibraryState,
  photo: Photo,
  version: Version,
  exceptions: Exceptions,
): Promise<void> {
  const [id, name, at] = [labelKey(exceptions.name), tidy(exceptions.name), new Date().toISOString()];
  const made: SubClass = { ...exceptions.of, id, name, createdAt: at, createdBy: library.person };
  const label = { kind: 'sub-class' as const, id };
  const kept = { photo: photo.id, version, label: id, reason: '', by: library.person, at };
  const changes: PartEdit[] = [
    { store: 'subClasses', key: id, after: made },
    ...mergeChanges(ruleFor(exceptions, library)),
    keepChange(kept),
  ];
  return library.changeParts({ kind: 'label', name, photos: 1 }, changes, { ids: [photo.id], label });
}
