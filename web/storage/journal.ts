/** What people did, as data: each act can be undone and done again, and tells the history of the photos it touched. */
import * as v from 'valibot';

import { Count, DisplayName, Instant, LabelId, Person, PhotoId } from '#shared/schema/names.ts';
import { EditsSchema, FAULTS, ORIGINS, QualitySchema } from '#shared/schema/photo.ts';
import { defineRecord, type Migration } from '#shared/schema/record.ts';

const OpinionLabel = v.object({ kind: v.picklist(['sub-class', 'unknown']), id: LabelId });
/** When the field was decided before and after; null where nobody had. */
const Stamp = v.nullable(v.object({ by: Person, at: Instant }));
const Seen = v.object({
  edits: EditsSchema,
  canonicalSize: Count,
  pixels: v.string(),
  hash: v.string(),
  quality: v.nullable(QualitySchema),
});

const decided = <F extends string, S extends v.GenericSchema>(field: F, value: S) => {
  const side = v.object({ value, stamp: Stamp });
  return v.object({ photo: PhotoId, field: v.literal(field), before: side, after: side });
};

/** One field of one photo, before and after. */
export const PatchSchema = v.variant('field', [
  v.object({
    photo: PhotoId,
    field: v.literal('opinion'),
    /** Whose; undoing gives this person's opinion back and leaves everybody else's. */
    by: Person,
    before: v.nullable(v.object({ at: Instant, label: v.nullable(OpinionLabel) })),
    after: v.nullable(v.object({ at: Instant, label: v.nullable(OpinionLabel) })),
  }),
  decided('origin', v.picklist(ORIGINS)),
  decided('faults', v.array(v.picklist(FAULTS))),
  decided('excluded', v.boolean()),
  decided('edits', Seen),
]);
export type Patch = v.InferOutput<typeof PatchSchema>;

/** Stores whose records are not photos, each record changed as a whole. */
export const PART_STORES = [
  'subClasses',
  'unknownLabels',
  'mergeRules',
  'benchmarks',
  'settings',
  'decisions',
  'checks',
] as const;

const PartSchema = v.object({
  store: v.picklist(PART_STORES),
  key: v.string(),
  /** The whole record; null for none. Its own schema checks it when it is read. */
  before: v.unknown(),
  after: v.unknown(),
});
export type PartChange = v.InferOutput<typeof PartSchema>;

/** What an act is called; the catalogue has the words (`act.…`). */
export const ACT_KINDS = [
  'label',
  'unlabel',
  'remove',
  'restore',
  'create',
  'faults',
  'exclude',
  'include',
  'origin',
  'edit',
  'merge',
  'split',
  'rename',
  'delete',
  'mirror',
  'benchmark',
  'confused',
  'duplicates',
  'guidance',
  'filters',
  'check',
  'set-aside',
] as const;
export type ActKind = (typeof ACT_KINDS)[number];

const ActSchema = v.object({
  kind: v.picklist(ACT_KINDS),
  /** What it was about: a label's or rule's name, an origin; empty where the kind says all. */
  name: v.pipe(v.string(), v.maxLength(400)),
  /** Photos concerned, for the words. */
  photos: Count,
  patches: v.array(PatchSchema),
  parts: v.array(PartSchema),
  binned: v.array(PhotoId),
  restored: v.array(PhotoId),
});
export type Act = v.InferOutput<typeof ActSchema>;

/** What the button that undoes an act says. */
export type ActWords = Pick<Act, 'kind' | 'name' | 'photos'>;

const JournalSchema = v.object({
  v: v.literal(2),
  at: Instant,
  by: Person,
  act: ActSchema,
  /** Every photo that it touched, for the index. */
  photos: v.array(PhotoId),
  /** Taken back; it stays as history, and can be done again until something else is done. */
  undone: v.boolean(),
});
export type JournalEntry = v.InferOutput<typeof JournalSchema>;

/** Version 1 knew three acts and forgot what was undone. */
const toPatches: Migration = {
  name: 'acts as patches of fields',
  from: 1,
  up: (old) => {
    const { at, by, act } = v.parse(v.object({ at: Instant, by: Person, act: OldActSchema }), old);
    const now = actOf(act, { at, by });
    return { at, by, act: now, photos: photosOf(now), undone: false };
  },
};

const OldLabel = v.nullable(v.object({ ...OpinionLabel.entries, by: Person, at: Instant }));
const OldActSchema = v.variant('kind', [
  v.object({
    kind: v.literal('assign'),
    changes: v.array(v.object({ photo: PhotoId, before: OldLabel, after: OldLabel })),
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

function actOf(
  old: v.InferOutput<typeof OldActSchema>,
  { at, by }: { readonly at: string; readonly by: string },
): Act {
  const none = { patches: [], parts: [], binned: [], restored: [] };
  if (old.kind === 'remove')
    return { ...none, kind: 'remove', name: '', photos: old.photos.length, binned: old.photos };
  if (old.kind === 'create') {
    const store = old.label === 'unknown' ? ('unknownLabels' as const) : ('subClasses' as const);
    const after = { v: 1, id: old.id, name: old.name, createdAt: at, createdBy: by };
    const parts = [{ store, key: old.id, before: null, after }];
    return { ...none, kind: 'create', name: old.name, photos: 0, parts };
  }
  const side = (label: v.InferOutput<typeof OldLabel>): Extract<Patch, { field: 'opinion' }>['before'] =>
    label && { at: label.at, label: { kind: label.kind, id: label.id } };
  const patches = old.changes.map((change) => ({
    photo: change.photo,
    field: 'opinion' as const,
    by,
    before: side(change.before?.by === by ? change.before : null),
    after: side(change.after) ?? { at, label: null },
  }));
  const kind = old.name === null ? 'unlabel' : 'label';
  return { ...none, kind, name: old.name ?? '', photos: patches.length, patches };
}

/** Every photo that an act touches, each once. */
export function photosOf(act: Act): JournalEntry['photos'] {
  return [...new Set([...act.patches.map((p) => p.photo), ...act.binned, ...act.restored])];
}

/** One act of a person; it survives a reload. */
export const journalRecord = defineRecord('journal entry', 2, JournalSchema, [toPatches]);
