import { messageOf } from '../../../components/problem.ts';

type Outcome<T> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Work that is asked for faster than it is done: one job runs at a time, and of those asked for meanwhile only the
 * last one follows. What was found before stays shown until there is something newer.
 */
export class Latest<T> {
  #outcome = $state.raw<Outcome<T>>({ kind: 'waiting' });
  #busy = $state(false);
  #next: (() => Promise<T>) | null = null;

  get outcome(): Outcome<T> {
    return this.#outcome;
  }

  get busy(): boolean {
    return this.#busy;
  }

  ask(work: () => Promise<T>): void {
    this.#next = work;
    if (!this.#busy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let work = this.#next; work !== null; work = this.#next) {
      this.#next = null;
      try {
        this.#outcome = { kind: 'done', value: await work() };
      } catch (cause) {
        this.#outcome = { kind: 'failed', message: messageOf(cause) };
      }
    }
    this.#busy = false;
  }
}
