/** Which photos a keeper looks at, kept under a name. */
import * as v from 'valibot';

import { HINTS } from '#shared/image/hints.ts';
import { Person } from '#shared/schema/names.ts';
import { FAULTS, ORIGINS, SOURCES } from '#shared/schema/photo.ts';

/** Values within a list are alternatives; an empty list asks for nothing; the parts of a filter hold together. */
const PhotoFilterSchema = v.object({
  /** Part of a file name or label, as typed. */
  text: v.pipe(v.string(), v.maxLength(300)),
  /** `all`, `unlabelled`, `labelled`, or kind and id of one label. */
  label: v.pipe(v.string(), v.maxLength(400)),
  origin: v.array(v.picklist(ORIGINS)),
  fault: v.array(v.picklist(['none', ...FAULTS])),
  use: v.array(v.picklist(['in', 'out'])),
  source: v.array(v.picklist(SOURCES)),
  standing: v.array(v.picklist(['single', 'agreed', 'disputed'])),
  /** People with an opinion on the photo. */
  person: v.array(Person),
  /** Ids of benchmarks. */
  benchmark: v.array(v.pipe(v.string(), v.maxLength(300))),
  /** Ids of merged classes; filters of older builds do not know them. */
  class: v.optional(v.array(v.pipe(v.string(), v.maxLength(300))), []),
  /** What measures may be a sign of; like all that follows unknown to filters of older builds. */
  hint: v.optional(v.array(v.picklist(['none', ...HINTS])), []),
  /** Classes that the published model guesses. */
  guess: v.optional(v.array(v.pipe(v.string(), v.maxLength(300))), []),
  /** Whether its guess is the label given. */
  verdict: v.optional(v.array(v.picklist(['agrees', 'differs'])), []),
  /** How sure it is: 95 of 100 and more, 50 and more, less, not looked at. */
  sure: v.optional(v.array(v.picklist(['high', 'middle', 'low', 'none'])), []),
  /** Look-alikes: in a group to decide on, in one that was decided on, without. */
  twin: v.optional(v.array(v.picklist(['open', 'decided', 'alone'])), []),
  /** Day of adding in the reader's zone, `2026-05-01`, both ends included; empty for no limit. */
  from: v.pipe(v.string(), v.regex(/^(\d{4}-\d\d-\d\d)?$/)),
  to: v.pipe(v.string(), v.regex(/^(\d{4}-\d\d-\d\d)?$/)),
});
export type PhotoFilter = v.InferOutput<typeof PhotoFilterSchema>;

/** A filter under a name. */
const SavedFilterSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  filter: PhotoFilterSchema,
});
export type SavedFilter = v.InferOutput<typeof SavedFilterSchema>;

export const SavedFiltersSchema = v.pipe(v.array(SavedFilterSchema), v.maxLength(200));

/** Where they lie among the settings. */
export const FILTERS_KEY = 'filters';
