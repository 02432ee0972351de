/** The questions that the sources ask of bulk results (P4-18 … P4-23, P5-39, P5-40): each a query to begin with. */
import { EVERYTHING, type BulkQuery } from './query.ts';

export const QUESTIONS = [
  'all',
  'short',
  'staged',
  'lookalike',
  'unknown',
  'lowest',
  'differs',
  'sure',
] as const;
export type QuestionName = (typeof QUESTIONS)[number];

/** What the queries begin with. */
export interface Setting {
  /** The plan's minimum of photos for a class. */
  readonly minimum: number;
  /** Score at which guests get an answer, 0 … 1. */
  readonly threshold: number;
  /** A class to begin a look-alike question with: the one that most results look like; null for none. */
  readonly looks: string | null;
}

/** Below this confidence a result counts as low, until somebody says otherwise. */
const LOW = 40;
/** A look-alike is guessed, yet not surely. */
const BAND = { from: 20, to: 80 };

export function queryFor(name: QuestionName, { minimum, threshold, looks }: Setting): BulkQuery {
  const guess = looks === null ? EVERYTHING.guess : ({ kind: 'class', id: looks } as const);
  switch (name) {
    case 'all':
      return EVERYTHING;
    case 'short':
      return { ...EVERYTHING, guess: { kind: 'short', minimum }, label: 'open', order: 'class' };
    case 'staged':
      return { ...EVERYTHING, guess: { kind: 'staged', minimum }, label: 'open', order: 'class' };
    case 'lookalike':
      return { ...EVERYTHING, ...BAND, guess, order: 'highest' };
    case 'unknown':
      return { ...EVERYTHING, guess, label: 'unknown', order: 'highest' };
    case 'lowest':
      return { ...EVERYTHING, to: LOW, order: 'lowest' };
    case 'differs':
      return { ...EVERYTHING, verdict: 'differs', order: 'highest' };
    case 'sure':
      return { ...EVERYTHING, from: Math.round(threshold * 1000) / 10, label: 'open', order: 'class' };
  }
}

/** Which question a query is a form of: its numbers, its class and its unknown label may be others. */
export function questionOf(query: BulkQuery, setting: Setting): QuestionName | null {
  const shape = shapeOf(query);
  return (
    QUESTIONS.find((name) => shapeOf(queryFor(name, { ...setting, looks: setting.looks ?? '' })) === shape) ??
    null
  );
}

function shapeOf({ guess, from, to, label, verdict, aside, order }: BulkQuery): string {
  const bounds = `${from > 0 ? 'from' : ''}${to < 100 ? 'to' : ''}`;
  return [guess.kind, bounds, label.split(' ', 1)[0], verdict, aside, order].join();
}
