import type { ModelLabel } from '#shared/schema/model.ts';
import type { Look } from '../workers/inference.ts';
import type { Sight } from './contract.ts';

/** Classes that are kept of what a network says of a photo. */
const KEPT = 5;

export function toSight({ scores, features }: Look, labels: readonly ModelLabel[]): Sight {
  const all = labels.map(({ id }, i) => ({ label: id, score: scores[i] ?? 0 }));
  return { top: all.sort((a, b) => b.score - a.score).slice(0, KEPT), features };
}
