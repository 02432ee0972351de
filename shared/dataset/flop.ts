import type { SubClass } from '../schema/label.ts';
import type { LabelId } from '../schema/names.ts';

/**
 * Classes whose photos may be mirrored (P4-11, design §2.7): those whose sub-classes all allow it. One sign among
 * them is enough to keep the class as it is, because the model gives one name to all.
 * @param off classes or sub-classes that shall not be mirrored either
 */
export function flopClasses(
  classes: readonly { readonly id: LabelId; readonly subClasses: readonly LabelId[] }[],
  subClasses: readonly SubClass[],
  off: ReadonlySet<LabelId>,
): ReadonlySet<LabelId> {
  const kept = new Set(subClasses.filter((s) => !s.flop).map((s) => s.id));
  const mayFlop = (id: LabelId): boolean => !kept.has(id) && !off.has(id);
  return new Set(classes.filter((c) => !off.has(c.id) && c.subClasses.every(mayFlop)).map((c) => c.id));
}
