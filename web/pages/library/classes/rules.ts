/** Merge rules, splits and renames as changes of records: nothing here touches a label of a photo (P1-51 … P1-60). */
import { MergeRuleError, resolveClasses } from '#shared/dataset/classes.ts';
import type { ConfusedTable, MergeRule, SubClass } from '#shared/schema/label.ts';
import { labelKey, type LabelId } from '#shared/schema/names.ts';

import { tl } from '../../../messages/text-library.ts';
import type { LibraryState, PartEdit, SplitCheck } from '../../../state/contract.ts';

type Rules = Pick<LibraryState, 'subClasses' | 'mergeRules'>;

/** What a keeper asks for; `was` is the rule that it replaces, null for a new one. */
export interface RuleDraft {
  readonly was: MergeRule | null;
  readonly name: string;
  readonly note: string;
  readonly subClasses: readonly LabelId[];
}

/** Why a rule can't be, in words; null when it can. */
export function whyNotMerge({ subClasses, mergeRules }: Rules, draft: RuleDraft): string | null {
  if (labelKey(draft.name) === '') return tl('merge.needsName');
  if (draft.subClasses.length < 2) return tl('merge.needsTwo');
  const others = mergeRules.filter((rule) => rule.id !== draft.was?.id);
  try {
    resolveClasses(subClasses, [...others, ruleOf(draft)]);
    return null;
  } catch (cause) {
    if (!(cause instanceof MergeRuleError)) throw cause;
    return wordsOf(cause, subClasses, mergeRules);
  }
}

function wordsOf(
  { fault }: MergeRuleError,
  subClasses: readonly SubClass[],
  rules: readonly MergeRule[],
): string {
  const nameOf = (id: LabelId): string => subClasses.find((s) => s.id === id)?.name ?? id;
  switch (fault.kind) {
    case 'two-rules': {
      const rule = rules.find((r) => r.id === fault.other)?.name ?? fault.other;
      return tl('merge.twoRules', { name: nameOf(fault.subClass), rule });
    }
    case 'unknown-sub-class':
      return tl('merge.unknownSubClass', { name: fault.subClass });
    case 'id-taken':
      return tl('merge.nameTaken', { name: nameOf(fault.rule) });
  }
}

/** The records that make the rule so; a rule of another name is another record. */
export function mergeChanges(draft: RuleDraft): readonly PartEdit[] {
  const after = ruleOf(draft);
  const put: PartEdit = { store: 'mergeRules', key: after.id, after };
  if (draft.was === null || draft.was.id === after.id) return [put];
  return [{ store: 'mergeRules', key: draft.was.id, after: null }, put];
}

function ruleOf({ name, note, subClasses }: RuleDraft): MergeRule {
  const shown = tidy(name);
  return { v: 1, id: labelKey(shown), name: shown, subClasses: [...subClasses], note: note.trim() };
}

/**
 * Takes a rule away and asks for a second look at its photos (P1-57). On wish, mistakes between what was one class
 * count half from now on, for such classes are easily confused (P1-60).
 */
export function splitChanges(
  library: Pick<LibraryState, 'splitChecks' | 'confused'>,
  rule: MergeRule,
  { at, confused }: { readonly at: string; readonly confused: boolean },
): readonly PartEdit[] {
  const check: SplitCheck = { id: rule.id, name: rule.name, subClasses: rule.subClasses, at };
  const checks = [...library.splitChecks.filter((c) => c.id !== rule.id), check];
  const changes: PartEdit[] = [
    { store: 'mergeRules', key: rule.id, after: null },
    { store: 'settings', key: 'splitChecks', after: checks },
  ];
  if (!confused) return changes;
  const pairs = rule.subClasses.flatMap((truth) =>
    rule.subClasses.filter((p) => p !== truth).map((predicted) => ({ truth, predicted, weight: 0.5 })),
  );
  const table = pairs.reduce((t, pair) => (hasPair(t, pair) ? t : withPair(t, pair)), library.confused);
  return [...changes, { store: 'settings', key: 'confused', after: table }];
}

type Pair = ConfusedTable['pairs'][number];

function hasPair(table: ConfusedTable, { truth, predicted }: Pair): boolean {
  return table.pairs.some((p) => p.truth === truth && p.predicted === predicted);
}

/** The table with this pair, in place of what it said of it before. */
export function withPair(table: ConfusedTable, pair: Pair): ConfusedTable {
  return { v: 1, pairs: [...withoutPair(table, pair).pairs, pair] };
}

export function withoutPair(
  { pairs }: ConfusedTable,
  { truth, predicted }: Omit<Pair, 'weight'>,
): ConfusedTable {
  return { v: 1, pairs: pairs.filter((p) => p.truth !== truth || p.predicted !== predicted) };
}

/** Photos that a split asks to be looked at again and that nobody has labelled since. */
export function stillToCheck(photos: LibraryState['photos'], check: SplitCheck): LibraryState['photos'] {
  const concerned = new Set<string>(check.subClasses);
  return photos.filter(
    ({ label }) => label?.kind === 'sub-class' && concerned.has(label.id) && label.at <= check.at,
  );
}

/**
 * A sub-class under another identity: a new record, and whatever names the old one names the new one. The old record
 * stays, since other people's opinions may name it; the photos are given the new label apart from this.
 */
export function renameChanges(
  library: Pick<LibraryState, 'mergeRules' | 'benchmarks' | 'confused'>,
  label: SubClass,
  name: string,
): readonly PartEdit[] {
  const to = labelKey(name);
  const moved = <T extends LabelId | null>(id: T): T | LabelId => (id === label.id ? to : id);
  const rules = library.mergeRules
    .filter((rule) => rule.subClasses.includes(label.id))
    .map((rule): PartEdit => {
      const subClasses = [...new Set(rule.subClasses.map(moved))];
      return { store: 'mergeRules', key: rule.id, after: { ...rule, subClasses } };
    });
  const benchmarks = library.benchmarks
    .filter((b) => b.items.some((i) => i.truth === label.id))
    .map((b): PartEdit => {
      const items = b.items.map((i) => ({ ...i, truth: moved(i.truth) }));
      return { store: 'benchmarks', key: b.id, after: { ...b, items } };
    });
  const named = library.confused.pairs.some((p) => p.truth === label.id || p.predicted === label.id);
  const pairs = library.confused.pairs.map((p) => ({
    ...p,
    truth: moved(p.truth),
    predicted: moved(p.predicted),
  }));
  return [
    { store: 'subClasses', key: to, after: { ...label, id: to, name: tidy(name) } },
    ...rules,
    ...benchmarks,
    ...(named ? [{ store: 'settings' as const, key: 'confused', after: { v: 1, pairs } }] : []),
  ];
}

/** A name as it is stored: one Unicode form, single spaces. */
export function tidy(name: string): string {
  return name.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** Classes that a pair of the commonly-confused table can name: as the model will have them. */
export function classNames({
  subClasses,
  mergeRules,
}: Rules): readonly { readonly id: LabelId; readonly name: string }[] {
  try {
    return resolveClasses(subClasses, mergeRules).classes;
  } catch {
    return subClasses;
  }
}
