import type { MergeRule, SubClass } from '../schema/label.ts';
import type { LabelId } from '../schema/names.ts';
import { compareText } from './random.ts';

/** What the model predicts: one sub-class by itself, or those a merge rule joins. */
export interface ClassOfModel {
  readonly id: LabelId;
  readonly name: string;
  /** Sorted; never empty. */
  readonly subClasses: readonly LabelId[];
  /** For the guest who meets a merged class; empty for none. */
  readonly note: string;
}

export interface ClassMap {
  /** Sorted by id. */
  readonly classes: readonly ClassOfModel[];
  /** The class of a sub-class; undefined for an id that is no sub-class of the library. */
  readonly classOf: (subClass: LabelId) => LabelId | undefined;
}

export type MergeRuleFault =
  | {
      readonly kind: 'two-rules';
      readonly rule: LabelId;
      readonly subClass: LabelId;
      readonly other: LabelId;
    }
  | { readonly kind: 'unknown-sub-class'; readonly rule: LabelId; readonly subClass: LabelId }
  | { readonly kind: 'id-taken'; readonly rule: LabelId };

/** Merge rules that contradict each other or the library. The message names the rule and the label. */
export class MergeRuleError extends Error {
  override readonly name = 'MergeRuleError';
  readonly fault: MergeRuleFault;
  constructor(fault: MergeRuleFault) {
    super(describe(fault));
    this.fault = fault;
  }
}

function describe(fault: MergeRuleFault): string {
  switch (fault.kind) {
    case 'two-rules':
      return `"${fault.subClass}" is merged twice: by "${fault.other}" and by "${fault.rule}"`;
    case 'unknown-sub-class':
      return `the merge rule "${fault.rule}" names "${fault.subClass}", which is no sub-class of this library`;
    case 'id-taken':
      return `the merge rule "${fault.rule}" has the name of another class`;
  }
}

/**
 * Sub-classes and merge rules → classes (P2-36, P2-42). A sub-class that no rule names is its own class.
 * A rule may bear the name of a sub-class that it merges itself.
 * @throws MergeRuleError
 */
export function resolveClasses(subClasses: readonly SubClass[], mergeRules: readonly MergeRule[]): ClassMap {
  const known = new Set(subClasses.map((s) => s.id));
  const owner = new Map<LabelId, LabelId>();
  const classes = new Map<LabelId, ClassOfModel>();
  for (const rule of mergeRules) {
    claim(rule, known, owner);
    if (classes.has(rule.id)) throw new MergeRuleError({ kind: 'id-taken', rule: rule.id });
    const members = [...new Set(rule.subClasses)].sort(compareText);
    classes.set(rule.id, { id: rule.id, name: rule.name, subClasses: members, note: rule.note });
  }
  for (const { id, name } of subClasses.filter((s) => !owner.has(s.id))) {
    if (mergeRules.some((r) => r.id === id)) throw new MergeRuleError({ kind: 'id-taken', rule: id });
    owner.set(id, id);
    classes.set(id, { id, name, subClasses: [id], note: '' });
  }
  return {
    classes: [...classes.values()].sort((a, b) => compareText(a.id, b.id)),
    classOf: (subClass) => owner.get(subClass),
  };
}

function claim(rule: MergeRule, known: ReadonlySet<LabelId>, owner: Map<LabelId, LabelId>): void {
  for (const subClass of new Set(rule.subClasses)) {
    if (!known.has(subClass))
      throw new MergeRuleError({ kind: 'unknown-sub-class', rule: rule.id, subClass });
    const other = owner.get(subClass);
    if (other !== undefined) throw new MergeRuleError({ kind: 'two-rules', rule: rule.id, subClass, other });
    owner.set(subClass, rule.id);
  }
}
