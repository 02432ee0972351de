/** What the published model guesses, beside what people say. */
import type { Photo } from '#shared/schema/photo.ts';

import type { LibraryState, ModelState } from '../../../state/contract.ts';

/** The model's best guess of one photo. */
export interface BestGuess {
  /** Id of the class. */
  readonly label: string;
  /** Softmax value 0 … 1. */
  readonly score: number;
  /** The sub-classes that the class stands for. */
  readonly subClasses: readonly string[];
}

/** By photo; those that the model has not looked at are missing. */
export type Guesses = ReadonlyMap<string, BestGuess>;

/** What the model in use guesses, and what it calls its classes. */
export interface Guessed {
  readonly guesses: Guesses;
  /** Names of classes by id. */
  readonly names: ReadonlyMap<string, string>;
}

export const NO_GUESSES: Guesses = new Map();

const HIGH = 0.95;
const MIDDLE = 0.5;

export type Sureness = 'high' | 'middle' | 'low' | 'none';

export function sureness(guess: BestGuess | undefined): Sureness {
  if (!guess) return 'none';
  return guess.score >= HIGH ? 'high' : guess.score >= MIDDLE ? 'middle' : 'low';
}

/** Whether the best guess means the label given; null where there is nothing to compare. */
export function verdictOf(
  { label }: Pick<Photo, 'label'>,
  guess: BestGuess | undefined,
): 'agrees' | 'differs' | null {
  if (!guess || label?.kind !== 'sub-class') return null;
  return guess.subClasses.includes(label.id) ? 'agrees' : 'differs';
}

/** Reads what is stored; null where no model can be used. */
export async function readGuessed(library: LibraryState, model: ModelState): Promise<Guessed | null> {
  const eyes = await model.eyes();
  const { status } = model;
  if (!eyes || status.kind !== 'ready') return null;
  const classes = new Map(status.labels.map((label) => [label.id as string, label]));
  const guesses = new Map<string, BestGuess>();
  for (const [photo, { label, score }] of await library.guesses(eyes.version))
    guesses.set(photo, { label, score, subClasses: classes.get(label)?.subClasses ?? [] });
  return { guesses, names: new Map([...classes].map(([id, { name }]) => [id, name])) };
}
