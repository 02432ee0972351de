import { seededOrder } from '#shared/dataset/random.ts';

import type { Question } from './questions.ts';

export interface SampleWish {
  /** A whole number from 0. */
  readonly seed: number;
  readonly count: number;
  /** Photos that the person named are asked only where there are not enough others. */
  readonly leaveOwn: boolean;
}

/**
 * Photos to ask, in the order of asking. Every class gets the same number of questions, as far as its photos go. It
 * depends on the seed and on what there is to ask, never on the order of the photos.
 */
export function sampleOf(questions: readonly Question[], { seed, count, leaveOwn }: SampleWish): Question[] {
  const others = leaveOwn ? questions.filter(({ own }) => !own) : questions;
  const first = inTurns(others, seed, count);
  const taken = new Map<string, number>();
  for (const { truth } of first) taken.set(truth, (taken.get(truth) ?? 0) + 1);
  const own = leaveOwn ? questions.filter((question) => question.own) : [];
  const chosen = [...first, ...inTurns(own, seed, count - first.length, taken)];
  // In turns nobody would have to look: what was just asked does not come again so soon.
  return seededOrder(chosen, ({ photo }) => photo, seed, 'quiz: order of asking');
}

/** The classes take turns, those with the fewest first; each gives its photos in a seeded order. */
function inTurns(
  questions: readonly Question[],
  seed: number,
  count: number,
  before: ReadonlyMap<string, number> = new Map(),
): Question[] {
  const ordered = seededOrder(questions, ({ photo }) => photo, seed, 'quiz: photos');
  const turns = new Map(before);
  const placed = ordered.map((question) => {
    const turn = turns.get(question.truth) ?? 0;
    turns.set(question.truth, turn + 1);
    return { question, turn };
  });
  const classes = seededOrder([...turns.keys()], (id) => id, seed, 'quiz: classes');
  const rank = new Map(classes.map((id, at) => [id, at]));
  const rankOf = ({ question }: { question: Question }): number => rank.get(question.truth) ?? 0;
  return placed
    .sort((a, b) => a.turn - b.turn || rankOf(a) - rankOf(b))
    .slice(0, Math.max(0, count))
    .map(({ question }) => question);
}
