/** What people decided about verdicts of a model, so that nobody is asked the same question twice (P3-08, P3-09). */
import * as v from 'valibot';

import { Count, Instant, LabelId, ModelVersion, Person, PhotoId } from '#shared/schema/names.ts';
import { defineRecord } from '#shared/schema/record.ts';
import type { Database } from './db.ts';
import type { PartChange } from './journal.ts';
import type { LibrarySchema } from './upgrades.ts';

const CheckSchema = v.variant('kind', [
  v.object({
    v: v.literal(1),
    kind: v.literal('keep'),
    id: v.string(),
    photo: PhotoId,
    version: ModelVersion,
    /** The label that was kept: another one since, and the question is open again. */
    label: LabelId,
    /** Why the model may have been confused; empty where nobody said. */
    reason: v.pipe(v.string(), v.maxLength(500)),
    by: Person,
    at: Instant,
  }),
  v.object({
    v: v.literal(1),
    kind: v.literal('set-aside'),
    id: v.string(),
    /** A file of a bulk identification that nobody wants in the library. */
    job: v.string(),
    row: Count,
    by: Person,
    at: Instant,
  }),
]);
/** One decision. A photo is kept once for each version; a file is set aside once for each job. */
export type Check = v.InferOutput<typeof CheckSchema>;
export const checkRecord = defineRecord('check', 1, CheckSchema);

/** A photo that is right although this version disagrees, or is not sure. */
export type Kept = Extract<Check, { kind: 'keep' }>;

export const keptId = (photo: string, version: number): string => `${photo} version ${String(version)}`;
export const asideId = (job: string, row: number): string => `${job} row ${String(row)}`;

/** Keeping as part of an act (see `changeParts`). */
export function keepChange(
  kept: Pick<Kept, 'photo' | 'version' | 'label' | 'reason' | 'by' | 'at'>,
): Pick<PartChange, 'store' | 'key' | 'after'> {
  const id = keptId(kept.photo, kept.version);
  return { store: 'checks', key: id, after: { v: 1, kind: 'keep', id, ...kept } satisfies Kept };
}

/** Setting a file aside as part of an act. */
export function asideChange(
  aside: Pick<Extract<Check, { kind: 'set-aside' }>, 'job' | 'row' | 'by' | 'at'>,
): Pick<PartChange, 'store' | 'key' | 'after'> {
  const id = asideId(aside.job, aside.row);
  return { store: 'checks', key: id, after: { v: 1, kind: 'set-aside', id, ...aside } satisfies Check };
}

/** Every decision. A damaged one counts as not taken: the question is asked again. */
export async function readChecks(db: Database<LibrarySchema>): Promise<readonly Check[]> {
  const all = await db.read(['checks'], (tx) => tx.objectStore('checks').getAll());
  return all.flatMap((stored) => {
    const result = v.safeParse(CheckSchema, stored);
    return result.success ? [result.output] : [];
  });
}
