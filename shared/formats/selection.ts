/** Which photos go into an export for another program. */
import type { Photo } from '../schema/photo.ts';
import type { WritableFormat } from './format.ts';
import { writerOf } from './writers.ts';

/** What somebody wants written. */
export interface ForeignWish {
  readonly format: WritableFormat;
  /** Photos that are excluded, too. */
  readonly excluded: boolean;
  /** Photos with an unknown label, too. */
  readonly unknown: boolean;
  /** Only what the plan trains and tests on, in its parts. */
  readonly parts: boolean;
}

/** Does a photo go into it? What the plan does not use is left out later, where only its parts are wanted. */
export function isWanted(photo: Photo, { format, excluded, unknown, parts }: ForeignWish): boolean {
  // The plan uses neither.
  if (photo.excluded) return excluded && !parts;
  if (photo.label?.kind === 'unknown') return unknown && !parts;
  return photo.label !== null || (writerOf(format).unlabelled && !parts);
}
