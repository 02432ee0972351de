/** What can be done with chosen results in one go (P4-22, P4-23, P5-40). */
import type { SubClass } from '#shared/schema/label.ts';
import { labelKey } from '#shared/schema/names.ts';

import type { BulkLabel, BulkResult, BulkState } from '../../../state/contract-bulk.ts';
import type { GivenLabel, LibraryState, PartEdit } from '../../../state/contract.ts';

/** Chosen results, by whether they are photos of the library. */
export interface Chosen {
  readonly inside: readonly BulkResult[];
  readonly outside: readonly BulkResult[];
}

export function chosenOf(results: readonly BulkResult[], isInside: (photo: string) => boolean): Chosen {
  const inside: BulkResult[] = [];
  const outside: BulkResult[] = [];
  for (const result of results)
    (result.photo !== null && isInside(result.photo) ? inside : outside).push(result);
  return { inside, outside };
}

/** Ids of all of them as photos of the library: those outside are taken in first, without a label. */
export async function takenIn(
  bulk: Pick<BulkState, 'take'>,
  job: string,
  { inside, outside }: Chosen,
): Promise<readonly string[]> {
  const ids = inside.flatMap(({ photo }) => (photo === null ? [] : [photo]));
  if (outside.length === 0) return ids;
  const taken = await bulk.take(
    job,
    outside.map(({ key }) => key),
  );
  return [...new Set([...ids, ...taken])];
}

/** Labels that the best guesses stand for. */
export interface Accepted {
  readonly given: readonly GivenLabel[];
  /** Labels that are not in the library yet. */
  readonly created: readonly Pick<SubClass, 'id' | 'name'>[];
  /** Names of the labels, for the words of the act. */
  readonly names: readonly string[];
  readonly photos: number;
  /** Results whose class stands for several labels, or for one that is an unknown label here: somebody has to choose. */
  readonly left: number;
}

type Labels = Pick<LibraryState, 'subClasses' | 'unknownLabels'>;

/** Each result's own best guess as a label, where the class is one label. */
export function acceptedOf(
  results: readonly BulkResult[],
  classes: readonly BulkLabel[],
  labels: Labels,
): Accepted {
  const known = new Map<string, string>(labels.subClasses.map(({ id, name }) => [id, name]));
  const unknown = new Set<string>(labels.unknownLabels.map(({ id }) => id));
  const byClass = new Map(classes.map((one) => [one.id, one]));
  const ids = new Map<string, string[]>();
  const created = new Map<string, Pick<SubClass, 'id' | 'name'>>();
  let left = 0;
  for (const { photo, top } of results) {
    const of = byClass.get(top[0]?.label ?? '');
    const [sub, ...others] = of?.subClasses ?? [];
    if (!of || photo === null || sub === undefined || others.length > 0 || unknown.has(sub)) {
      left += 1;
      continue;
    }
    if (!known.has(sub)) created.set(sub, { id: labelKey(sub), name: sub === of.id ? of.name : sub });
    const same = ids.get(sub);
    if (same) same.push(photo);
    else ids.set(sub, [photo]);
  }
  const given = [...ids].map(([id, photos]) => ({ ids: photos, label: { kind: 'sub-class', id } as const }));
  const names = [...ids.keys()].map((id) => known.get(id) ?? created.get(id)?.name ?? id);
  const photos = given.reduce((sum, one) => sum + one.ids.length, 0);
  return { given, created: [...created.values()], names, photos, left };
}

/** What the journal keeps of a name. */
const LONGEST = 400;

/** Gives every photo its own label, new labels among them, in one act that can be undone. */
export async function accept(
  library: Pick<LibraryState, 'changeParts' | 'person'>,
  { given, created, names, photos }: Accepted,
): Promise<void> {
  const stamp = { createdAt: new Date().toISOString(), createdBy: library.person };
  const parts = created.map(({ id, name }): PartEdit => ({
    store: 'subClasses',
    key: id,
    after: { v: 2, id, name, ...stamp, flop: true } satisfies SubClass,
  }));
  const name = names.join(', ');
  const words = name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
  await library.changeParts({ kind: 'label', name: words, photos }, parts, ...given);
}
