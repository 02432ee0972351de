import * as v from 'valibot';

/** Variations with a strength of their own; mirroring is on or off. */
export const STRENGTHS = [
  'rotate',
  'zoomOut',
  'zoomIn',
  'crop',
  'brightness',
  'contrast',
  'saturation',
  'noise',
] as const;
export type Strength = (typeof STRENGTHS)[number];

/** How far each may go: degrees, or shares. */
export const MOST: Readonly<Record<Strength, number>> = {
  rotate: 45,
  zoomOut: 0.5,
  zoomIn: 1,
  crop: 0.5,
  brightness: 0.25,
  contrast: 0.5,
  saturation: 1,
  noise: 0.2,
};

const upTo = (which: Strength): v.GenericSchema<number, number> =>
  v.pipe(v.number(), v.minValue(0), v.maxValue(MOST[which]));

/**
 * How training photos are varied (P4-11 … P4-13, F-16). Each number says how far: every photo of every epoch gets its
 * own draw from zero up to it, both ways where there are two. 0 switches a variation off.
 */
export const AugmentOptionsSchema = v.object({
  /** Half of the photos are mirrored left to right; a class can be kept out of it. */
  flop: v.boolean(),
  /** Most degrees of a turn, clockwise or counter-clockwise. */
  rotate: upTo('rotate'),
  /** Largest share by which a picture is made smaller; never where its subject may be small already (P4-14). */
  zoomOut: upTo('zoomOut'),
  /** Largest share by which a picture is made larger, around its middle. */
  zoomIn: upTo('zoomIn'),
  /** Largest share of the edge that a crop leaves out; the part that stays lies anywhere in the picture. */
  crop: upTo('crop'),
  /** Most that a middle grey gets brighter or darker, as a share of white. Black stays black, white stays white. */
  brightness: upTo('brightness'),
  /** Most that the contrast of middle greys rises or falls, as a share. */
  contrast: upTo('contrast'),
  /** Most that colours get stronger or paler, as a share. */
  saturation: upTo('saturation'),
  /** Most grain, as a share of white (standard deviation). */
  noise: upTo('noise'),
});
export type AugmentOptions = v.InferOutput<typeof AugmentOptionsSchema>;

/** Slight changes, after which a photo still is a good one (P4-14). */
export const DEFAULT_AUGMENTATION: AugmentOptions = {
  flop: true,
  rotate: 10,
  zoomOut: 0.1,
  zoomIn: 0.15,
  crop: 0,
  brightness: 0.1,
  contrast: 0.1,
  saturation: 0,
  noise: 0,
};

/** More of everything, for long trainings of all layers that would learn the photos by heart. */
export const STRONG_AUGMENTATION: AugmentOptions = {
  flop: true,
  rotate: 20,
  zoomOut: 0.2,
  zoomIn: 0.3,
  crop: 0.2,
  brightness: 0.2,
  contrast: 0.3,
  saturation: 0.3,
  noise: 0.03,
};

/** Leaves every photo as it is. */
export const NO_AUGMENTATION: AugmentOptions = {
  flop: false,
  rotate: 0,
  zoomOut: 0,
  zoomIn: 0,
  crop: 0,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  noise: 0,
};

/** Ways to vary photos, by the names that the trainer's `--augment` knows. */
export const AUGMENTATIONS = {
  default: DEFAULT_AUGMENTATION,
  none: NO_AUGMENTATION,
  strong: STRONG_AUGMENTATION,
} as const satisfies Record<string, AugmentOptions>;
export type AugmentationName = keyof typeof AUGMENTATIONS;
