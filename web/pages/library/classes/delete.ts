import type { SubClass, UnknownLabel } from '#shared/schema/label.ts';

import { tl } from '../../../messages/text-library.ts';
import type { LabelChoice, LibraryState } from '../../../state/contract.ts';
import { keyOf } from '../labels.ts';

/** May the label go? Nothing in the library may name it; what lies in the bin is asked when it is to be done. */
export function deletable(
  { mergeRules, benchmarks, confused }: Pick<LibraryState, 'mergeRules' | 'benchmarks' | 'confused'>,
  named: ReadonlySet<string>,
  kind: LabelChoice['kind'],
  id: string,
): boolean {
  if (named.has(keyOf({ kind, id }))) return false;
  if (kind === 'unknown') return true;
  const inRule = mergeRules.some((r) => r.subClasses.some((s) => s === id));
  const inBenchmark = benchmarks.some((b) => b.items.some((i) => i.truth === id));
  const inPair = confused.pairs.some((p) => p.truth === id || p.predicted === id);
  return !inRule && !inBenchmark && !inPair;
}

/** Deletes an empty label. @throws Error in words when a photo in the bin names it: it could come back */
export async function remove(
  library: LibraryState,
  kind: LabelChoice['kind'],
  label: SubClass | UnknownLabel,
): Promise<void> {
  const names = (choice: LabelChoice | null): boolean => choice?.kind === kind && choice.id === label.id;
  const binned = (await library.bin()).some(
    ({ photo }) => names(photo.label) || photo.opinions.some((o) => names(o.label)),
  );
  if (binned) throw new Error(tl('classes.notEmpty'));
  const store = kind === 'unknown' ? 'unknownLabels' : 'subClasses';
  await library.changeParts({ kind: 'delete', name: label.name, photos: 0 }, [
    { store, key: label.id, after: null },
  ]);
}
