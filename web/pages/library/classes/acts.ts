/** What a keeper does to labels and rules, each as one act; photos are only touched where their labels are. */
import type { ConfusedTable, MergeRule, SubClass, UnknownLabel } from '#shared/schema/label.ts';
import { labelKey } from '#shared/schema/names.ts';

import type { LabelChoice, LabelPair, LibraryState, SplitCheck } from '../../../state/contract.ts';
import { mergeChanges, renameChanges, splitChanges, tidy, type RuleDraft } from './rules.ts';

const named = (name: string): { name: string; photos: number } => ({ name, photos: 0 });

export function merge(library: LibraryState, draft: RuleDraft): Promise<void> {
  return library.changeParts({ kind: 'merge', ...named(tidy(draft.name)) }, mergeChanges(draft));
}

export function split(library: LibraryState, rule: MergeRule, confused: boolean): Promise<void> {
  const at = new Date().toISOString();
  return library.changeParts(
    { kind: 'split', ...named(rule.name) },
    splitChanges(library, rule, { at, confused }),
  );
}

export function endCheck(library: LibraryState, check: SplitCheck): Promise<void> {
  const after = library.splitChecks.filter((c) => c.id !== check.id);
  return library.changeParts({ kind: 'split', ...named(check.name) }, [
    { store: 'settings', key: 'splitChecks', after },
  ]);
}

/** Another spelling is a change of the record; another identity gives the photos another label in the same act. */
export async function rename(
  library: LibraryState,
  kind: LabelChoice['kind'],
  label: SubClass | UnknownLabel,
  typed: string,
): Promise<void> {
  const [to, name] = [labelKey(typed), tidy(typed)];
  const store = kind === 'unknown' ? 'unknownLabels' : 'subClasses';
  if (to === label.id) {
    const after = { ...label, name };
    await library.changeParts({ kind: 'rename', ...named(name) }, [{ store, key: to, after }]);
    return;
  }
  const isNew = !library[store].some((l) => l.id === to);
  const changes = !isNew
    ? []
    : 'flop' in label
      ? renameChanges(library, label, typed)
      : [{ store, key: to, after: { ...label, id: to, name } } as const];
  const photos = library.photos.filter((p) => p.label?.kind === kind && p.label.id === label.id);
  const given = { ids: photos.map((p) => p.id), label: { kind, id: to } };
  await library.changeParts({ kind: 'rename', name, photos: photos.length }, changes, given);
}

export function setFlop(library: LibraryState, label: SubClass, flop: boolean): Promise<void> {
  return library.changeParts({ kind: 'mirror', ...named(label.name) }, [
    { store: 'subClasses', key: label.id, after: { ...label, flop } },
  ]);
}

/** A confusion of the model that is not to be noted: it is not proposed again. */
export function dismissPair(library: LibraryState, { truth, predicted }: LabelPair): Promise<void> {
  return library.changeParts({ kind: 'confused', ...named('') }, [
    { store: 'settings', key: 'dismissedPairs', after: [...library.dismissedPairs, { truth, predicted }] },
  ]);
}

export function setConfused(library: LibraryState, table: ConfusedTable): Promise<void> {
  return library.changeParts({ kind: 'confused', ...named('') }, [
    { store: 'settings', key: 'confused', after: table },
  ]);
}
