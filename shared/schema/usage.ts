import * as v from 'valibot';

import { FAULTS } from './photo.ts';
import { Instant, LabelId, ModelVersion, Person, PhotoId, Score } from './names.ts';
import { defineRecord } from './record.ts';

const Millis = v.pipe(v.number(), v.minValue(0));
const Id = v.pipe(v.string(), v.uuid('expected a UUID'));

/** One use by a guest (P4-28). EXIF and place are never part of it. */
const IdentificationSchema = v.object({
  v: v.literal(1),
  id: Id,
  at: Instant,
  model: ModelVersion,
  engine: v.pipe(v.string(), v.maxLength(40)),
  /** Best first. */
  top: v.pipe(v.array(v.object({ class: LabelId, score: Score })), v.maxLength(10)),
  threshold: Score,
  /** Happy path or sad path. */
  outcome: v.picklist(['answer', 'no-answer']),
  timings: v.object({ decode: Millis, prepare: Millis, infer: Millis }),
  /** Content hash of the picture; an answer never stands beside another photo. */
  photo: PhotoId,
  /** Is the canonical image kept with the record? Only ever by the guest's consent. */
  consent: v.boolean(),
  feedback: v.nullable(v.picklist(['right', 'wrong'])),
});
export type Identification = v.InferOutput<typeof IdentificationSchema>;
export const identificationRecord = defineRecord('identification', 1, IdentificationSchema);

/** Reasons of P3-33 … P3-41. */
export const VERDICTS = [
  'correct',
  'bad-picture',
  'not-in-this-zoo',
  'not-a-zoo-animal',
  'thing-in-the-zoo',
  'prankster',
  'wrong',
  'should-score-higher',
] as const;

/** A person's verdict on an identification. */
const ReviewSchema = v.object({
  v: v.literal(1),
  id: Id,
  identification: Id,
  by: Person,
  at: Instant,
  verdict: v.picklist(VERDICTS),
  /** For `bad-picture`. */
  faults: v.array(v.picklist(FAULTS)),
  /** What the person says it shows; null where they did not. */
  truth: v.nullable(LabelId),
  /** Non-technical causes (P3-42). */
  usage: v.nullable(v.picklist(['instructions-unclear', 'used-otherwise'])),
  note: v.pipe(v.string(), v.maxLength(2000)),
});
export type Review = v.InferOutput<typeof ReviewSchema>;
export const reviewRecord = defineRecord('review', 1, ReviewSchema);
