import * as v from 'valibot';

import { Count, Instant, LabelId, Person, PhotoId, Sha256 } from './names.ts';
import { defineRecord } from './record.ts';

export const ORIGINS = ['real', 'staged', 'synthetic'] as const;
export type Origin = (typeof ORIGINS)[number];

/** Why a photo is a bad one: P1-31 … P1-39, then too far, too close, features hidden. */
export const FAULTS = [
  'wide-angle',
  'back-lit',
  'high-contrast',
  'blurry',
  'obscured',
  'multiple-subjects',
  'doctored',
  'unusual-angle',
  'photo-of-screen',
  'too-far',
  'too-close',
  'features-hidden',
] as const;
export type Fault = (typeof FAULTS)[number];

export const SOURCES = [
  'file',
  'folder',
  'zip',
  'camera',
  'paste',
  'export',
  'identification',
  'sample',
] as const;

const Fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** A person's decision about what the photo shows; never overwritten by a model's score. */
export const LabelSchema = v.object({
  kind: v.picklist(['sub-class', 'unknown']),
  id: LabelId,
  by: Person,
  at: Instant,
});
export type Label = v.InferOutput<typeof LabelSchema>;

/** Crop in fractions of the turned original, 90° turns clockwise. Kept as data, applied before canonicalising. */
export const EditsSchema = v.object({
  turn: v.picklist([0, 90, 180, 270]),
  crop: v.nullable(v.object({ x: Fraction, y: Fraction, width: Fraction, height: Fraction })),
});
export type Edits = v.InferOutput<typeof EditsSchema>;
export const NO_EDITS: Edits = { turn: 0, crop: null };

const PhotoSchema = v.object({
  v: v.literal(1),
  id: PhotoId,
  /** File name as it came, for people only: never used as a path. */
  fileName: v.pipe(v.string(), v.maxLength(1000)),
  /** Size of the file as it came, in bytes. */
  bytes: Count,
  /** Size of the original in pixels, upright (EXIF orientation applied). */
  width: v.pipe(v.number(), v.integer(), v.minValue(1)),
  height: v.pipe(v.number(), v.integer(), v.minValue(1)),
  source: v.picklist(SOURCES),
  addedAt: Instant,
  addedBy: Person,
  origin: v.picklist(ORIGINS),
  label: v.nullable(LabelSchema),
  edits: EditsSchema,
  faults: v.array(v.picklist(FAULTS)),
  /** Left out of data sets, not deleted. */
  excluded: v.boolean(),
  /** Edge of the canonical image in pixels. */
  canonicalSize: v.pipe(v.number(), v.integer(), v.minValue(32), v.maxValue(1024)),
  /** SHA-256 over the canonical image's RGB bytes, row by row. */
  pixels: Sha256,
  /** Perceptual hash of the canonical image: 64 bits, 16 hex digits. */
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'expected 16 hex digits')),
});
export type Photo = v.InferOutput<typeof PhotoSchema>;
export const photoRecord = defineRecord('photo', 1, PhotoSchema);
