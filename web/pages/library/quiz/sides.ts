/** Whoever named photos, a person or a version of the model, as the same tables show them (P6-28). */
import { isAnswer, type LabelId } from '#shared/schema/names.ts';

import type { QuizAnswer } from '../../../state/contract.ts';
import type { Guesses } from '../photos/guesses.ts';
import type { Classes } from './classes.ts';

/** What one side made of one photo. */
export interface Verdict {
  /** Id of the class named first; null for "I don't know". */
  readonly named: string | null;
  /** What was named first is the class of the photo. */
  readonly right: boolean;
  /** It was said as an answer: not "I don't know", and not below the threshold. */
  readonly told: boolean;
  /** Time it took, where that is known. */
  readonly ms: number | null;
}

/** By photo. */
export type Side = ReadonlyMap<string, Verdict>;

/** Classes of photos when they were asked. */
export type Truths = ReadonlyMap<string, string>;

export function truthsOf(answers: readonly QuizAnswer[]): Truths {
  return new Map(answers.map(({ photo, truth }) => [photo, truth]));
}

/** A sitting as a side. @param truths by which it is judged: those of the sitting that it is set beside */
export function personSide(answers: readonly QuizAnswer[], truths: Truths): Side {
  return new Map(
    answers.flatMap(({ photo, answer, ms }) => {
      const truth = truths.get(photo);
      if (truth === undefined) return [];
      return [[photo, { named: answer, right: answer === truth, told: answer !== null, ms }] as const];
    }),
  );
}

/**
 * A version as a side: its stored best guesses on the same photos. A guess is right where its class and the photo's
 * share a sub-class: merge rules may have changed since the version was trained.
 * @param threshold softmax value 0 … 1
 */
export function modelSide(
  guesses: Guesses,
  truths: Truths,
  { classOf }: Pick<Classes, 'classOf'>,
  threshold: number,
): Side {
  return new Map(
    [...truths].flatMap(([photo, truth]) => {
      const guess = guesses.get(photo);
      if (!guess) return [];
      const { label, score, subClasses } = guess;
      const means = label === truth || subClasses.some((id) => classOf(id as LabelId) === truth);
      const named = means ? truth : label;
      return [
        [photo, { named, right: named === truth, told: isAnswer(score, threshold), ms: null }] as const,
      ];
    }),
  );
}

/** The photos that all sides have looked at, in the order of the first one. */
export function inCommon(sides: readonly Side[]): string[] {
  const [first, ...others] = sides;
  return [...(first ?? new Map<string, Verdict>()).keys()].filter((photo) =>
    others.every((side) => side.has(photo)),
  );
}
