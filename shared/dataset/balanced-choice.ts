import type { LabelId } from '../schema/names.ts';
import type { Candidate } from './candidates.ts';
import { compareText, seededOrder } from './random.ts';

/**
 * Chooses photos tier by tier (earlier tiers first) until `limit` is reached. Within a tier each next photo comes
 * from the sub-class with the fewest so far, so sub-classes stay in balance (P1-54); within a sub-class the order is
 * seeded, one photo of each near-duplicate group before a second one (P2-48).
 * @param already photos chosen before: they count for the balance and towards `limit`
 * @returns `chosen` includes `already`
 */
export function chooseInTiers(
  tiers: readonly (readonly Candidate[])[],
  limit: number,
  already: readonly Candidate[],
  seed: number,
): { readonly chosen: Candidate[]; readonly rest: Candidate[] } {
  const chosen = [...already];
  let rest: Candidate[] = [];
  const counts = new Map<LabelId, number>();
  for (const { subClass } of already) counts.set(subClass, (counts.get(subClass) ?? 0) + 1);
  for (const tier of tiers) {
    const queues = queuesBySubClass(tier, seed);
    while (queues.length > 0 && chosen.length < limit) {
      const queue = poorest(queues, counts);
      const next = queue.photos.shift();
      if (next === undefined) queues.splice(queues.indexOf(queue), 1);
      else {
        chosen.push(next);
        counts.set(queue.subClass, (counts.get(queue.subClass) ?? 0) + 1);
      }
    }
    rest = rest.concat(...queues.map((q) => q.photos));
  }
  return { chosen, rest };
}

interface Queue {
  readonly subClass: LabelId;
  readonly photos: Candidate[];
}

function queuesBySubClass(tier: readonly Candidate[], seed: number): Queue[] {
  const subClasses = [...new Set(tier.map((c) => c.subClass))].sort(compareText);
  return subClasses.map((subClass) => ({
    subClass,
    photos: diverseFirst(
      seededOrder(
        tier.filter((c) => c.subClass === subClass),
        (c) => c.photo.id,
        seed,
        'choice',
      ),
    ),
  }));
}

/** Stable: the firsts of all groups, then the seconds, and so on. */
function diverseFirst(photos: readonly Candidate[]): Candidate[] {
  const seen = new Map<number, number>();
  const ranked = photos.map((photo) => {
    const round = seen.get(photo.group) ?? 0;
    seen.set(photo.group, round + 1);
    return { photo, round };
  });
  return ranked.sort((a, b) => a.round - b.round).map((r) => r.photo);
}

function poorest(queues: readonly Queue[], counts: ReadonlyMap<LabelId, number>): Queue {
  return queues.reduce((best, q) =>
    (counts.get(q.subClass) ?? 0) < (counts.get(best.subClass) ?? 0) ? q : best,
  );
}
