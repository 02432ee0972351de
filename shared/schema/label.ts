import * as v from 'valibot';

import { DisplayName, Instant, LabelId, Person } from './names.ts';
import { defineRecord } from './record.ts';

/** What an SME assigns; a folder in an export. */
const SubClassSchema = v.object({
  v: v.literal(2),
  id: LabelId,
  name: DisplayName,
  createdAt: Instant,
  createdBy: Person,
  /** May its photos be mirrored in training (P4-11)? Off where left and right matter: signs, letters (design §2.7). */
  flop: v.boolean(),
});
export type SubClass = v.InferOutput<typeof SubClassSchema>;
export const subClassRecord = defineRecord('sub-class', 2, SubClassSchema, [
  { name: 'AllowFlop', from: 1, up: (old) => ({ ...old, flop: true }) },
]);

/** A generic sub-class ("Unknown Bird") that never trains (P1-44, P1-45). */
const UnknownLabelSchema = v.object({
  v: v.literal(1),
  id: LabelId,
  name: DisplayName,
  createdAt: Instant,
  createdBy: Person,
});
export type UnknownLabel = v.InferOutput<typeof UnknownLabelSchema>;
export const unknownLabelRecord = defineRecord('unknown label', 1, UnknownLabelSchema);

/** Sub-classes → one class. Never rewrites a label; deleting the rule undoes the merge (P1-51 … P1-60). */
const MergeRuleSchema = v.object({
  v: v.literal(1),
  /** Identity of the class that the rule makes. */
  id: LabelId,
  name: DisplayName,
  subClasses: v.pipe(v.array(LabelId), v.minLength(1, 'expected at least one sub-class')),
  /** Shown to guests who meet the merged class (P1-59). */
  note: v.pipe(v.string(), v.maxLength(2000)),
});
export type MergeRule = v.InferOutput<typeof MergeRuleSchema>;
export const mergeRuleRecord = defineRecord('merge rule', 1, MergeRuleSchema);

/** Pairs of classes that people confuse too, with the weight of a mistake between them (P3-13 … P3-17). */
const ConfusedTableSchema = v.object({
  v: v.literal(1),
  pairs: v.array(
    v.object({
      truth: LabelId,
      predicted: LabelId,
      /** 1 = full penalty (the default of every pair not listed), 0.5 is typical. May be asymmetric. */
      weight: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    }),
  ),
});
export type ConfusedTable = v.InferOutput<typeof ConfusedTableSchema>;
export const confusedTableRecord = defineRecord('commonly-confused table', 1, ConfusedTableSchema);
