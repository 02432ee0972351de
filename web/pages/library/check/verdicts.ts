/** What a version made of labelled photos, judged by their labels of now (P3-02, P3-57). */
import { isAnswer } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import type { CheckGuess, CheckPass } from '../../../state/contract-check.ts';
import type { LibraryState } from '../../../state/contract.ts';

export type CheckLabel = CheckPass['labels'][number];

/** Who judged. */
export type Judge = Pick<CheckPass, 'version' | 'labels' | 'threshold'>;

/** What a version made of one photo. */
export interface Answer {
  /** Best first. A class that is not among them scores 0. */
  readonly top: readonly CheckGuess[];
  /** The part of its data set that the photo was in, such as `validation`; null where nobody says. */
  readonly set: string | null;
}

/** By photo. */
export type Answers = ReadonlyMap<string, Answer>;

export const VERDICT_KINDS = ['wrong', 'low', 'sure'] as const;
/** Taken for another class; right, yet below the threshold; right and sure. */
export type VerdictKind = (typeof VERDICT_KINDS)[number];

export interface Verdict {
  readonly photo: string;
  /** Id of the sub-class that it is labelled with. */
  readonly label: string;
  /** Id of the class that the version has for it. */
  readonly truth: string;
  /** Id of the class guessed first, and its score. */
  readonly best: string;
  readonly score: number;
  /** Score of its own class. */
  readonly own: number;
  readonly kind: VerdictKind;
  readonly set: string | null;
}

/** A version's classes as the library's labels fall into them. */
export interface Classes {
  /** undefined for a sub-class that the version knows nothing of. */
  readonly classOf: (subClass: string) => string | undefined;
  readonly of: (id: string) => CheckLabel | undefined;
}

/**
 * A sub-class is in the class that the version was trained to put it in; one that was made since, in the class that the
 * library's rules merge it into, where the version has that one.
 */
export function classesOf(labels: readonly CheckLabel[], mergeRules: LibraryState['mergeRules']): Classes {
  const byId = new Map(labels.map((label) => [label.id, label]));
  const own = new Map(labels.flatMap(({ id, subClasses }) => subClasses.map((sub) => [sub, id] as const)));
  const merged = new Map<string, string>();
  for (const rule of mergeRules)
    if (byId.has(rule.id)) for (const sub of rule.subClasses) merged.set(sub, rule.id);
  return { classOf: (sub) => own.get(sub) ?? merged.get(sub), of: (id) => byId.get(id) };
}

/** null where there is nothing to judge: no answer, no sub-class, or one that the version does not know. */
export function verdictOf(
  { id, label }: Pick<Photo, 'id' | 'label'>,
  answer: Answer | undefined,
  classes: Classes,
  threshold: number,
): Verdict | null {
  const [best] = answer?.top ?? [];
  const truth = label?.kind === 'sub-class' ? classes.classOf(label.id) : undefined;
  if (!answer || !best || !label || truth === undefined) return null;
  const own = answer.top.find((guess) => guess.label === truth)?.score ?? 0;
  const right = best.label === truth;
  const kind = !right ? 'wrong' : isAnswer(own, threshold) ? 'sure' : 'low';
  return {
    photo: id,
    label: label.id,
    truth,
    best: best.label,
    score: best.score,
    own,
    kind,
    set: answer.set,
  };
}

/** By photo; one pass over the library. */
export function verdictsOf(
  photos: readonly Photo[],
  answers: Answers,
  classes: Classes,
  threshold: number,
): ReadonlyMap<string, Verdict> {
  const verdicts = photos.flatMap(
    (photo) => verdictOf(photo, answers.get(photo.id), classes, threshold) ?? [],
  );
  return new Map(verdicts.map((verdict) => [verdict.photo, verdict]));
}

/** What to hold beside a photo: the best guess that is not its own class. */
export function rivalOf(top: readonly CheckGuess[], truth: string | undefined): CheckGuess | undefined {
  return top.find((guess) => guess.label !== truth);
}

/** Everything that a version guessed of photos here. */
export async function answersHere(
  { checking }: Pick<LibraryState, 'checking'>,
  version: number,
): Promise<Answers> {
  const answers = new Map<string, Answer>();
  await checking.answers(version, (photo, top) => {
    answers.set(photo, { top, set: null });
  });
  return answers;
}

export const NO_ANSWERS: Answers = new Map();
