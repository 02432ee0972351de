/** What became of the photos of a pass: told by the library itself, so that undoing an act undoes its count. */
import type { Photo } from '#shared/schema/photo.ts';

import type { CheckPass } from '../../../state/contract-check.ts';
import type { Check, Kept, LibraryState } from '../../../state/contract.ts';

/** What was kept for one version, by photo. */
export type KeptPhotos = ReadonlyMap<string, Kept>;

export function keptFor(version: number, checks: readonly Check[]): KeptPhotos {
  return new Map(
    checks.flatMap((check) =>
      check.kind === 'keep' && check.version === version ? [[check.photo as string, check] as const] : [],
    ),
  );
}

/** Somebody looked at it for this version, and it has the label of then: nobody is asked again. */
export function isKept({ id, label }: Pick<Photo, 'id' | 'label'>, kept: KeptPhotos): boolean {
  return label !== null && kept.get(id)?.label === label.id;
}

export const OUTCOMES = ['kept', 'benchmark', 'relabelled', 'faulty', 'removed', 'open'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Of one photo since the pass was begun. */
export function outcomeOf(
  photo: Photo | undefined,
  begunAt: string,
  kept: KeptPhotos,
  inBenchmark: (photo: string) => boolean,
): Outcome {
  if (!photo) return 'removed';
  if (photo.excluded && photo.stamps.some(({ field, at }) => field === 'excluded' && at >= begunAt))
    return 'faulty';
  if (photo.label && photo.label.at >= begunAt) return 'relabelled';
  const keep = isKept(photo, kept) ? kept.get(photo.id) : undefined;
  if (!keep || keep.at < begunAt) return 'open';
  return inBenchmark(photo.id) ? 'benchmark' : 'kept';
}

/** Counts of a whole pass. */
export function outcomesOf(
  { items, begunAt, version }: CheckPass,
  library: Pick<LibraryState, 'photo' | 'checks' | 'benchmarks'>,
): ReadonlyMap<Outcome, number> {
  const kept = keptFor(version, library.checks);
  const inBenchmark = new Set<string>(library.benchmarks.flatMap((b) => b.items.map((i) => i.photo)));
  const counts = new Map<Outcome, number>();
  for (const { photo } of items) {
    const outcome = outcomeOf(library.photo(photo), begunAt, kept, (id) => inBenchmark.has(id));
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return counts;
}
