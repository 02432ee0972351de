/** A sitting's record as it grows: every change makes a new one. */
import type { LabelId, PhotoId } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import type { LibraryState, Quiz, QuizAnswer } from '../../../state/contract.ts';
import { withUse, type Recent } from '../label/recent.ts';
import type { Classes } from './classes.ts';
import { truthOf } from './questions.ts';

/** What a sitting is asked from. */
export interface SittingWish {
  readonly seed: number;
  /** In words. */
  readonly from: string;
  readonly benchmark: LabelId | null;
  readonly photos: readonly PhotoId[];
}

export function newQuiz({ photos, ...wish }: SittingWish, by: string): Quiz {
  const at = new Date().toISOString();
  return {
    v: 1,
    id: crypto.randomUUID(),
    by,
    at,
    ...wish,
    photos: [...photos],
    answers: [],
    finishedAt: null,
  };
}

/** What is still to be asked, in order: what is gone meanwhile, or has no label any more, is passed over. */
export function leftOf(
  { photos, answers, benchmark: id }: Quiz,
  library: { readonly photo: (id: string) => Photo | undefined } & Pick<LibraryState, 'benchmarks'>,
  classes: Pick<Classes, 'classOf'>,
): readonly { readonly photo: PhotoId; readonly truth: LabelId }[] {
  const asked = new Set(answers.map(({ photo }) => photo));
  const benchmark = library.benchmarks.find((one) => one.id === id);
  return photos.flatMap((one) => {
    const photo = asked.has(one) ? undefined : library.photo(one);
    const truth = photo && truthOf(photo, benchmark, classes);
    return truth === undefined ? [] : [{ photo: one, truth }];
  });
}

export function withAnswer(quiz: Quiz, answer: QuizAnswer): Quiz {
  return { ...quiz, answers: [...quiz.answers, answer] };
}

export function without(quiz: Quiz, photo: string): Quiz {
  return { ...quiz, photos: quiz.photos.filter((one) => one !== photo) };
}

export function ended(quiz: Quiz): Quiz {
  return { ...quiz, finishedAt: new Date().toISOString() };
}

/** Classes that were answered lately, each in the slot that fingers know from before. */
export function recentAnswers(answers: readonly QuizAnswer[]): readonly LabelId[] {
  const given = answers.flatMap(({ answer }) => answer ?? []);
  const none: Recent = { slots: [], used: [] };
  const { slots } = given.reduce((recent, id) => withUse(recent, { kind: 'sub-class', id }), none);
  return slots.map(({ id }) => id as LabelId);
}
