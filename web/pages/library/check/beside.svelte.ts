import { untrack } from 'svelte';
import { SvelteMap, SvelteSet } from 'svelte/reactivity';

import type { LibraryState } from '../../../state/contract.ts';

const FIRST = 3;
const MORE = 9;

/** Which class is to be held beside which photo. */
export interface Question {
  readonly photo: string;
  /** Ids of the class's sub-classes. */
  readonly of: readonly string[];
}

/**
 * Examples to hold beside photos, the most alike first. Every answer is kept under its question and shown for no other
 * one: a late answer can never stand beside another photo.
 */
export class Beside {
  readonly #library: Pick<LibraryState, 'learning' | 'photo'>;
  readonly #found = new SvelteMap<string, readonly string[]>();
  readonly #turn = new SvelteMap<string, number>();
  /** Requests that were made: none is made twice. */
  readonly #asked = new SvelteSet<string>();

  constructor(library: Pick<LibraryState, 'learning' | 'photo'>) {
    this.#library = library;
  }

  /** The example that is its turn; null where there is none, undefined while nobody knows. */
  of(question: Question): string | null | undefined {
    const key = keyOf(question);
    const found = this.#found.get(key)?.filter((id) => this.#library.photo(id));
    if (!found) return undefined;
    return found[(this.#turn.get(key) ?? 0) % Math.max(1, found.length)] ?? null;
  }

  /** Asks for the first ones unless that was done. Once photos can be compared it asks anew. */
  ask = (question: Question): void => {
    const { status } = this.#library.learning;
    untrack(() => void this.#more(question, `${keyOf(question)} ${status}`, [], FIRST));
  };

  /** The next one's turn; those after the first few are fetched when they are wanted. */
  another = async (question: Question): Promise<void> => {
    const key = keyOf(question);
    const [found = [], turn = 0] = [this.#found.get(key), this.#turn.get(key)];
    if (turn === found.length - 1 && found.length === FIRST)
      await this.#more(question, `${key} more`, found, MORE);
    this.#turn.set(key, turn + 1);
  };

  async #more(question: Question, request: string, but: readonly string[], count: number): Promise<void> {
    if (this.#asked.has(request)) return;
    this.#asked.add(request);
    const { photos } = await this.#library.learning.examples({ ...question, but, count });
    this.#found.set(keyOf(question), [...but, ...photos]);
  }
}

function keyOf({ photo, of }: Question): string {
  return `${photo} ${JSON.stringify(of)}`;
}
