/** What a keeper does to labels and rules, each as one act; photos are only touched where their labels are. */
import type { ConfusedTable, MergeRule, SubClass } from '#shared/schema/label.ts';
import { labelKey } from '#shared/schema/names.ts';

import type { LibraryState, SplitCheck } from '../../../state/contract.ts';
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

/** Another spelling is a change of the record; another identity gives the photos another label as well. */
export async function rename(library: LibraryState, label: SubClass, typed: string): Promise<void> {
  const [to, name] = [labelKey(typed), tidy(typed)];
  const words = { kind: 'rename' as const, ...named(name) };
  if (to === label.id) {
    await library.changeParts(words, [{ store: 'subClasses', key: to, after: { ...label, name } }]);
    return;
  }
  if (!library.subClasses.some((s) => s.id === to))
    await library.changeParts(words, renameChanges(library, label, typed));
  const photos = library.photos.filter((p) => p.label?.kind === 'sub-class' && p.label.id === label.id);
  const ids = photos.map((p) => p.id);
  if (ids.length > 0) await library.assign(ids, { kind: 'sub-class', id: to });
}

export function setFlop(library: LibraryState, label: SubClass, flop: boolean): Promise<void> {
  return library.changeParts({ kind: 'rename', ...named(label.name) }, [
    { store: 'subClasses', key: label.id, after: { ...label, flop } },
  ]);
}

export function setConfused(library: LibraryState, table: ConfusedTable): Promise<void> {
  return library.changeParts({ kind: 'confused', ...named('') }, [
    { store: 'settings', key: 'confused', after: table },
  ]);
}
