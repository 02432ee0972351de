import * as v from 'valibot';

import { DisplayName, Instant, LabelId, Person, PhotoId } from '#shared/schema/names.ts';
import { LabelSchema } from '#shared/schema/photo.ts';
import { defineRecord } from '#shared/schema/record.ts';

const ActSchema = v.variant('kind', [
  v.object({
    kind: v.literal('assign'),
    changes: v.array(
      v.object({ photo: PhotoId, before: v.nullable(LabelSchema), after: v.nullable(LabelSchema) }),
    ),
    /** Name of the label for the button; null where labels were taken off. */
    name: v.nullable(DisplayName),
  }),
  v.object({ kind: v.literal('remove'), photos: v.array(PhotoId) }),
  v.object({
    kind: v.literal('create'),
    label: v.picklist(['sub-class', 'unknown']),
    id: LabelId,
    name: DisplayName,
  }),
]);
export type Act = v.InferOutput<typeof ActSchema>;

const JournalSchema = v.object({ v: v.literal(1), at: Instant, by: Person, act: ActSchema });
export type JournalEntry = v.InferOutput<typeof JournalSchema>;

/** One act of a person that can be undone; it survives a reload. */
export const journalRecord = defineRecord('journal entry', 1, JournalSchema);

/** The act in words, for the button that undoes it. */
export function describeAct(act: Act): string {
  switch (act.kind) {
    case 'assign':
      return act.name === null
        ? `Label taken off ${photos(act.changes.length)}`
        : `“${act.name}” given to ${photos(act.changes.length)}`;
    case 'remove':
      return `${photos(act.photos.length)} removed`;
    case 'create':
      return `“${act.name}” created`;
  }
}

function photos(count: number): string {
  return count === 1 ? '1 photo' : `${String(count)} photos`;
}
