import type { Fault, Photo } from '#shared/schema/photo.ts';

import type { LabelChoice } from '../../../state/contract.ts';
import { labelKeyOf } from './facets.ts';

/** The label that most of these photos have; `none` where none has one, `draw` where two are equally common. */
export function majorityOf(photos: readonly Photo[]): LabelChoice | 'none' | 'draw' {
  const votes = new Map<string, { readonly choice: LabelChoice; n: number }>();
  for (const photo of photos) {
    const key = labelKeyOf(photo);
    if (key === null || !photo.label) continue;
    const vote = votes.get(key);
    if (vote) vote.n += 1;
    else votes.set(key, { choice: { kind: photo.label.kind, id: photo.label.id }, n: 1 });
  }
  const [first, second] = [...votes.values()].sort((a, b) => b.n - a.n);
  if (!first) return 'none';
  return first.n === second?.n ? 'draw' : first.choice;
}

/** How many photos have each fault. */
export function faultCounts(photos: readonly Photo[]): ReadonlyMap<Fault, number> {
  const counts = new Map<Fault, number>();
  for (const { faults } of photos) for (const f of faults) counts.set(f, (counts.get(f) ?? 0) + 1);
  return counts;
}
