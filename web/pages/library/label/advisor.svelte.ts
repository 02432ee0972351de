import { SvelteMap } from 'svelte/reactivity';

import { messageOf } from '../../../components/problem.ts';
import type { Guess, ModelState } from '../../../state/contract.ts';
import { pictureOf } from '../picture.ts';

/** What the published model makes of a photo: beside the label, never in its place. */
export type Advice =
  | { readonly kind: 'asked' }
  | { readonly kind: 'seen'; readonly version: number; readonly top: readonly Guess[] }
  | { readonly kind: 'failed'; readonly message: string };

const KEPT = 40;

/** Asks the model about photos, one after the other, and remembers its last answers. */
export class Advisor {
  readonly #model: ModelState;
  readonly #answers = new SvelteMap<string, Advice>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(model: ModelState) {
    this.#model = model;
  }

  /** Whether there is a model to ask. */
  get ready(): boolean {
    const { status } = this.#model;
    return status.kind === 'ready' || (status.kind === 'failed' && status.kept !== null);
  }

  of(id: string): Advice | undefined {
    return this.#answers.get(this.#key(id));
  }

  /** Asks about a photo unless that was done. @param url address of its canonical image */
  ask(id: string, url: Promise<string>): void {
    const key = this.#key(id);
    if (!this.ready || this.#answers.has(key)) return;
    this.#answers.set(key, { kind: 'asked' });
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= KEPT) break;
      this.#answers.delete(oldest);
    }
    const answer = this.#last.then(() => this.#identify(url));
    this.#last = answer.then((advice) => this.#answers.set(key, advice));
  }

  /** After an edit: what was seen is another picture. */
  forget(id: string): void {
    this.#answers.delete(this.#key(id));
  }

  async #identify(url: Promise<string>): Promise<Advice> {
    try {
      const { version, top, imageUrl } = await this.#model.identify(await pictureOf(await url));
      URL.revokeObjectURL(imageUrl);
      return { kind: 'seen', version, top };
    } catch (error) {
      return { kind: 'failed', message: messageOf(error) };
    }
  }

  /** Another version sees another thing. */
  #key(id: string): string {
    const { status } = this.#model;
    return `${status.kind === 'ready' ? String(status.version) : ''} ${id}`;
  }
}
