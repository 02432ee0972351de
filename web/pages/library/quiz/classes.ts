import { resolveClasses, type ClassMap } from '#shared/dataset/classes.ts';
import { labelKey, type LabelId } from '#shared/schema/names.ts';
import type { ModelLabel } from '#shared/schema/model.ts';

import type { LibraryState } from '../../../state/contract.ts';

/** The library's classes, and those of the version in use beside them. */
export interface Classes extends ClassMap {
  /** Names of the library's classes and of the version's, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** Names of each class's sub-classes, where it has several: people may type these too. */
  readonly members: ReadonlyMap<LabelId, readonly string[]>;
  /** Classes that the version knows. */
  readonly known: ReadonlySet<LabelId>;
}

/** @param labels of the version in use; none without one */
export function classesOf(
  { subClasses, mergeRules }: Pick<LibraryState, 'subClasses' | 'mergeRules'>,
  labels: readonly ModelLabel[],
): Classes {
  const { classes, classOf } = resolved(subClasses, mergeRules);
  const subNames = new Map(subClasses.map(({ id, name }) => [id, name]));
  const merged = classes.filter((one) => one.subClasses.length > 1);
  return {
    classes,
    classOf,
    names: new Map<string, string>([...labels, ...classes].map(({ id, name }) => [id, name])),
    members: new Map(merged.map((one) => [one.id, one.subClasses.map((id) => subNames.get(id) ?? id)])),
    known: new Set(labels.flatMap((label) => label.subClasses.flatMap((id) => classOf(id) ?? []))),
  };
}

/** Where merge rules contradict each other, every label is its own class: the planner says what is wrong. */
function resolved(subClasses: LibraryState['subClasses'], mergeRules: LibraryState['mergeRules']): ClassMap {
  try {
    return resolveClasses(subClasses, mergeRules);
  } catch {
    return resolveClasses(subClasses, []);
  }
}

const MOST_SHOWN = 50;

/** Classes that fit the typed text, by their own name or that of a sub-class; those that begin with it first. */
export function findClasses(
  { classes, members }: Pick<Classes, 'classes' | 'members'>,
  query: string,
): { readonly key: string; readonly text: string; readonly hint?: string; readonly value: LabelId }[] {
  const wanted = labelKey(query);
  const found = classes.flatMap(({ id, name }) => {
    const parts = members.get(id) ?? [];
    const fitting = [name, ...parts].filter((one) => labelKey(one).includes(wanted));
    if (fitting.length === 0) return [];
    const rank = fitting.some((one) => labelKey(one).startsWith(wanted)) ? 0 : 1;
    return [
      { rank, option: { key: id, text: name, value: id, ...(parts[0] ? { hint: parts.join(', ') } : {}) } },
    ];
  });
  return found
    .sort((a, b) => a.rank - b.rank || a.option.text.localeCompare(b.option.text))
    .slice(0, MOST_SHOWN)
    .map(({ option }) => option);
}
