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

/**
 * The classes take turns, each giving its photos in a seeded order, until there are enough.
 * @param before questions that classes have already: those with the fewest come first
 */
function inTurns(
  questions: readonly Question[],
  seed: number,
  count: number,
  before: ReadonlyMap<string, number> = new Map(),
): Question[] {
  const given = new Map(before);
  const turns: Question[][] = [];
  for (const question of seededOrder(questions, ({ photo }) => photo, seed, 'quiz: photos')) {
    const turn = given.get(question.truth) ?? 0;
    given.set(question.truth, turn + 1);
    (turns[turn] ??= []).push(question);
  }
  const chosen: Question[] = [];
  // Turns are filled from the first one on, but `before` may leave the first ones empty.
  for (let turn = 0; turn < turns.length && chosen.length < count; turn++) {
    const classes = seededOrder(turns[turn] ?? [], ({ truth }) => truth, seed, 'quiz: classes');
    chosen.push(...classes.slice(0, count - chosen.length));
  }
  return chosen;
}
