import type { Photo } from '../schema/photo.ts';
import { contentRect } from './black-bars.ts';
import { letterboxRect } from './canonical.ts';
import { editedShape } from './edits.ts';
import type { Pixels } from './pixels.ts';

/** Below this share of the square a photo is not made smaller still: "don't start out less than 50%" (P1-28). */
const SMALL_SHARE = 0.5;

/**
 * How much of the square a photo's picture covers, 0 … 1; the rest is padding. Its shape after the person's turn and
 * crop decides: 3 : 2 covers two thirds. Where the subject lies in the picture is not looked at: a crop is the only
 * thing that says what somebody framed.
 */
export function pictureShare(photo: Pick<Photo, 'width' | 'height' | 'edits'>): number {
  const { width, height } = editedShape(photo);
  // As fine as a canonical image can be: rounding to its pixels hardly counts.
  const size = 1024;
  const rect = letterboxRect(Math.max(1, width), Math.max(1, height), size);
  return (rect.width * rect.height) / (size * size);
}

/**
 * The share of a canonical image inside its black edges, 0 … 1: padding, but also borders that a photo brought along
 * (a picture of a screen, a slide) and dark surroundings. A measure of light, not of the subject.
 */
export function contentShare(canonical: Pixels): number {
  const rect = contentRect(canonical);
  return rect === null ? 0 : (rect.width * rect.height) / (canonical.width * canonical.height);
}

/** Why a photo's subject may be small already; what is measured is the picture, never the subject. */
type SmallReason =
  /** A person has marked it: the subject is too far away. */
  | 'too-far'
  /** The picture covers too little of the square because it is long and narrow. */
  | 'narrow'
  /** So does what is not black of it. */
  | 'black-edges';

export interface SmallPicture {
  readonly reason: SmallReason;
  /** The share that was measured; null where a person said so. */
  readonly share: number | null;
}

/**
 * Whether a photo must not be made smaller in training, and why (P1-28, P4-14); null where it may.
 * @param content `contentShare` of its canonical image; null where that is not known
 */
export function smallPicture(
  photo: Pick<Photo, 'width' | 'height' | 'edits' | 'faults'>,
  content: number | null,
): SmallPicture | null {
  if (photo.faults.includes('too-far')) return { reason: 'too-far', share: null };
  const share = pictureShare(photo);
  if (share < SMALL_SHARE) return { reason: 'narrow', share };
  if (content !== null && content < SMALL_SHARE) return { reason: 'black-edges', share: content };
  return null;
}
