import { flopClasses } from '#shared/dataset/flop.ts';
import type { SubClass } from '#shared/schema/label.ts';
import { type LabelId, labelKey } from '#shared/schema/names.ts';

import type { RunContext } from './context.ts';
import { OptionError } from './option-kinds.ts';
import { readDataSet, readLibraryFile } from './photos.ts';

/**
 * Classes whose photos may be mirrored, by the library and `--no-flop` (design §2.7).
 * @param noFlop names of classes or sub-classes, separated by commas
 * @throws OptionError for a name that is neither
 */
export function classesWithFlop(
  classes: readonly { readonly id: LabelId; readonly subClasses: readonly LabelId[] }[],
  subClasses: readonly SubClass[],
  noFlop: string,
): ReadonlySet<LabelId> {
  const names = noFlop.split(',').map((name) => name.trim());
  const off = new Set(names.filter((name) => name !== '').map(labelKey));
  const known = new Set([...classes.map((c) => c.id), ...subClasses.map((s) => s.id)]);
  const stranger = [...off].find((id) => !known.has(id));
  if (stranger !== undefined) {
    throw new OptionError(
      `--no-flop: there is no class or sub-class "${stranger}". There are: ${[...known].join(', ')}`,
    );
  }
  return flopClasses(classes, subClasses, off);
}

/**
 * Classes of a run's data set whose photos may be mirrored, in the data set's order.
 * @throws OptionError for a name in `--no-flop` that is neither class nor sub-class
 */
export async function flopOfRun({ folder, options }: RunContext): Promise<readonly LabelId[]> {
  const { classes } = await readDataSet(folder);
  const { subClasses } = await readLibraryFile(folder);
  return [...classesWithFlop(classes, subClasses, options.noFlop)];
}
