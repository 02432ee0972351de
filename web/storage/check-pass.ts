/** The pass of the double-check that is under way: kept, so that a reload finds its place again (P3-65). */
import * as v from 'valibot';

import { Count, DisplayName, Instant, MAX_NAME, ModelVersion, Score } from '#shared/schema/names.ts';
import type { Database } from './db.ts';
import type { LibrarySchema } from './upgrades.ts';

/** A pass takes this many photos and no more: hours of work. */
export const MAX_PASS = 5000;

/** Of a label, a class or a photo; one that is gone meanwhile is passed over. */
const Id = v.pipe(v.string(), v.maxLength(MAX_NAME));

/** What somebody wanted to go through. Classes are the version's own; labels are sub-classes. */
const CheckWishSchema = v.variant('kind', [
  /** Everything that the version got wrong or is not sure of (P3-57). */
  v.object({ kind: v.literal('doubtful') }),
  /** What is labelled one class and taken for another one (P3-63). */
  v.object({ kind: v.literal('pair'), truth: Id, predicted: Id }),
  /** All photos of both classes (P3-10, P3-11). */
  v.object({ kind: v.literal('both'), truth: Id, predicted: Id }),
  v.object({ kind: v.literal('class'), id: Id, all: v.boolean() }),
  v.object({ kind: v.literal('label'), id: Id, all: v.boolean() }),
  /** Part of a data set: `training`, `validation`, `test` or `benchmark:<id>`. */
  v.object({
    kind: v.literal('set'),
    name: v.pipe(v.string(), v.maxLength(MAX_NAME + 20)),
    all: v.boolean(),
  }),
  /** Photos chosen by hand. */
  v.object({ kind: v.literal('picked') }),
  /** Photos whose labels are doubted by heads that learnt from other photos. */
  v.object({ kind: v.literal('suspects') }),
]);
export type CheckWish = v.InferOutput<typeof CheckWishSchema>;

const CheckPassSchema = v.object({
  v: v.literal(1),
  wish: CheckWishSchema,
  /** Whose verdicts they are. */
  version: ModelVersion,
  labels: v.array(v.object({ id: Id, name: DisplayName, subClasses: v.array(Id) })),
  threshold: Score,
  begunAt: Instant,
  items: v.pipe(
    v.array(
      v.object({
        photo: Id,
        /** Best first, at most five; none where the version has not looked at it. */
        top: v.pipe(v.array(v.object({ label: Id, score: Score })), v.maxLength(5)),
        /** The sub-class that its label is doubted for; null where nobody asked. */
        suspect: v.nullable(Id),
      }),
    ),
    v.maxLength(MAX_PASS),
  ),
});
/** A queue as it was when it was begun: what is decided meanwhile keeps its place, so that back is back. */
export type CheckPass = v.InferOutput<typeof CheckPassSchema>;

const [PASS, PLACE] = ['checkPass', 'checkPlace'] as const;

/** The pass under way and the place in it, from 0; null for none. A damaged one counts as none. */
export async function readCheckPass(
  db: Database<LibrarySchema>,
): Promise<{ readonly pass: CheckPass; readonly at: number } | null> {
  const [stored, place] = await db.read(['settings'], (tx) =>
    Promise.all([tx.objectStore('settings').get(PASS), tx.objectStore('settings').get(PLACE)]),
  );
  const [pass, at] = [v.safeParse(CheckPassSchema, stored), v.safeParse(Count, place)];
  return pass.success ? { pass: pass.output, at: at.success ? at.output : 0 } : null;
}

/** Begins a pass at its first photo, or forgets it. */
export async function writeCheckPass(db: Database<LibrarySchema>, pass: CheckPass | null): Promise<void> {
  await db.write(['settings'], async (tx) => {
    await tx.objectStore('settings').put(pass, PASS);
    await tx.objectStore('settings').put(0, PLACE);
  });
}

/** Apart from the pass, which may be large: it is written with every step. */
export async function writeCheckPlace(db: Database<LibrarySchema>, at: number): Promise<void> {
  await db.write(['settings'], (tx) => tx.objectStore('settings').put(at, PLACE));
}
