import * as v from 'valibot';

import { Instant, Person, PhotoId } from './names.ts';
import { defineRecord } from './record.ts';

/**
 * What somebody decided about photos that look alike, as it travels with a library (`decisions.ndjson`). `dropped`:
 * the first of the photos was kept in place of the others.
 */
const DecisionSchema = v.object({
  v: v.literal(1),
  kind: v.picklist(['different', 'keep-all', 'dropped']),
  photos: v.pipe(v.array(PhotoId), v.minLength(2)),
  by: Person,
  at: Instant,
});
export type Decision = v.InferOutput<typeof DecisionSchema>;
export const decisionRecord = defineRecord('decision', 1, DecisionSchema);

/** Decisions of one kind about the same photos are one decision, whoever took it. */
export function decisionKey({
  kind,
  photos,
}: Pick<Decision, 'kind'> & { photos: readonly string[] }): string {
  return `${kind} ${[...photos].sort().join(' ')}`;
}
