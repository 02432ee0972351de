/** What the room of the double-check may ask besides the library itself (P3-56 … P3-65). */
import type { CheckPass } from '../storage/check-pass.ts';

export type { CheckPass, CheckWish } from '../storage/check-pass.ts';

/** One guess of a version: a class of its own and a softmax value 0 … 1. */
export interface CheckGuess {
  readonly label: string;
  readonly score: number;
}

export interface CheckingState {
  /** Photos that somebody chose to be checked, until the room has taken them. */
  readonly picked: readonly string[];
  readonly pick: (photos: readonly string[]) => void;
  /** Everything that a version guesses of photos here. @param take called for each photo, its guesses best first, at most five */
  readonly answers: (
    version: number,
    take: (photo: string, top: readonly CheckGuess[]) => void,
  ) => Promise<void>;
  /** The pass under way and the place in it, from 0; null for none. */
  readonly pass: () => Promise<{ readonly pass: CheckPass; readonly at: number } | null>;
  /** Keeps a pass that begins; null forgets it. */
  readonly keepPass: (pass: CheckPass | null) => Promise<void>;
  readonly keepPlace: (at: number) => Promise<void>;
}
