/** Variations of a photo to be looked at before a long training, made by training's own code. */
import type { AugmentOptions } from '../schema/augment.ts';
import { applyAugmentation } from './augment.ts';
import { type Allowed, type Augmentation, drawAugmentation, type Numbers } from './augment-draw.ts';
import type { Pixels } from './pixels.ts';
import { resize } from './resample.ts';

/** A sheet of the trainer's `preview`: edge of its pictures, about what networks look at, and variations beside each photo. */
const SHEET = { size: 192, variations: 7 } as const;

export interface Variations {
  /** The photo as it is. */
  readonly plain: Pixels;
  readonly varied: readonly { readonly picture: Pixels; readonly drawn: Augmentation }[];
}

/** Draws and makes variations of a canonical image, one after the other from the same random numbers. */
export function variationsOf(
  image: Pixels,
  options: AugmentOptions,
  random: Numbers,
  allowed: Allowed,
): Variations {
  const draws = Array.from({ length: SHEET.variations }, () => drawAugmentation(options, random, allowed));
  return {
    plain: resize(image, SHEET.size, SHEET.size),
    varied: draws.map((drawn) => ({ picture: applyAugmentation(image, drawn, SHEET.size), drawn })),
  };
}

/** Share of the square that a picture still covers after it was varied (P4-14), 0 … 1. @param share before */
export function shareAfter(share: number, { zoom }: Augmentation): number {
  return Math.min(1, (share * zoom * zoom) / 1e6);
}
