import * as v from 'valibot';

import { Count, Instant, LabelId, Person, PhotoId, Sha256 } from './names.ts';
import { defineRecord, type Migration } from './record.ts';

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

/** What one person last said the photo shows; `label` null: that they took their label off. */
const OpinionSchema = v.object({
  by: Person,
  at: Instant,
  label: v.nullable(v.object({ kind: v.picklist(['sub-class', 'unknown']), id: LabelId })),
});
export type Opinion = v.InferOutput<typeof OpinionSchema>;

/** Fields that a person decides besides the label. */
export const DECIDED = ['origin', 'edits', 'faults', 'excluded'] as const;
export type Decided = (typeof DECIDED)[number];

/** Who last decided one of those fields, and when: the newer decision wins when libraries meet. */
const StampSchema = v.object({ field: v.picklist(DECIDED), by: Person, at: Instant });
export type FieldStamp = v.InferOutput<typeof StampSchema>;

/**
 * Measured from the canonical image's picture (without its padding) by `shared/image/quality.ts`; only ever grounds for
 * a suggestion, never a verdict.
 */
export const QualitySchema = v.object({
  /** Mean brightness, 0 black … 1 white. */
  brightness: Fraction,
  /** Standard deviation of brightness, 0 … 0.5. */
  contrast: Fraction,
  /** Share of pixels that are nearly black. */
  shadows: Fraction,
  /** Share of pixels that are nearly white. */
  highlights: Fraction,
  /** How much brighter the rim is than the middle, −1 … 1. */
  backlight: v.pipe(v.number(), v.minValue(-1), v.maxValue(1)),
  /** Mean strength of fine edges against coarse ones, 0 smooth … 1. */
  sharpness: Fraction,
  /** Share of the picture that holds most of its detail: small where a subject is far away. */
  coverage: Fraction,
});
export type Quality = v.InferOutput<typeof QualitySchema>;

const PhotoSchema = v.object({
  v: v.literal(2),
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
  /** The decision in force: the newest opinion, kept beside them for whoever wants only that. */
  label: v.nullable(LabelSchema),
  /** The newest opinion of each person who had one. */
  opinions: v.pipe(v.array(OpinionSchema), v.maxLength(200)),
  edits: EditsSchema,
  faults: v.array(v.picklist(FAULTS)),
  /** Left out of data sets, not deleted. */
  excluded: v.boolean(),
  /** When `origin`, `edits`, `faults` and `excluded` were last decided; a field that is not listed is as it came. */
  stamps: v.array(StampSchema),
  /** When the picture was taken, as the camera's clock said: local time without zone; null where it does not say. */
  taken: v.nullable(v.pipe(v.string(), v.maxLength(40))),
  /** null until measured. */
  quality: v.nullable(QualitySchema),
  /** Edge of the canonical image in pixels. */
  canonicalSize: v.pipe(v.number(), v.integer(), v.minValue(32), v.maxValue(1024)),
  /** SHA-256 over the canonical image's RGB bytes, row by row. */
  pixels: Sha256,
  /** Perceptual hash of the canonical image: 64 bits, 16 hex digits. */
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'expected 16 hex digits')),
});
export type Photo = v.InferOutput<typeof PhotoSchema>;

/** Version 1 knew one label a photo and not who else had said what. */
const toOpinions: Migration = {
  name: 'opinions beside the label, stamps of decisions, date and measures of the picture',
  from: 1,
  up: (old) => ({
    ...old,
    opinions: opinionsOf(old.label as Label | null),
    stamps: [],
    taken: null,
    quality: null,
  }),
};

/** What comes with a picture. */
export type PhotoFacts = Omit<
  Photo,
  'v' | 'opinions' | 'edits' | 'faults' | 'excluded' | 'stamps' | 'taken' | 'quality'
> &
  Partial<Pick<Photo, 'taken' | 'quality'>>;

/** The record of a picture that comes in fresh: nobody has decided anything yet but perhaps its label. */
export function freshPhoto({ taken = null, quality = null, ...facts }: PhotoFacts): Photo {
  return {
    v: 2,
    ...facts,
    opinions: opinionsOf(facts.label),
    edits: NO_EDITS,
    faults: [],
    excluded: false,
    stamps: [],
    taken,
    quality,
  };
}

function opinionsOf(label: Label | null): Opinion[] {
  return label ? [{ by: label.by, at: label.at, label: { kind: label.kind, id: label.id } }] : [];
}

export const photoRecord = defineRecord('photo', 2, PhotoSchema, [toOpinions]);
