import type { LibrarySession } from '../session.svelte.ts';

/** What was decided last, to be looked at once more while the next photo is there (P1-43). */
export interface Decision {
  readonly photo: string;
  /** In words for people. */
  readonly words: string;
}

/** The way through a queue of photos: forward with every decision, back with a key. */
export class Walk {
  readonly #session: LibrarySession;
  #ids = $state.raw<readonly string[]>([]);
  #at = $state(0);
  #last = $state.raw<Decision | null>(null);
  /** Undoing waits for what is being saved. */
  #saving: Promise<unknown> = Promise.resolve();

  constructor(session: LibrarySession) {
    this.#session = session;
  }

  get ids(): readonly string[] {
    return this.#ids;
  }
  /** Place of the photo shown, from 0; as many as there are photos at the end. */
  get at(): number {
    return this.#at;
  }
  get current(): string | null {
    return this.#ids[this.#at] ?? null;
  }
  /** The photo shown and those to have at hand: two ahead, one behind. */
  get near(): readonly string[] {
    return [this.#at, this.#at + 1, this.#at + 2, this.#at - 1].flatMap((at) => this.#ids[at] ?? []);
  }
  get last(): Decision | null {
    return this.#last;
  }

  /** @param at where to begin, from 0 */
  begin(ids: readonly string[], at = 0): void {
    this.#ids = ids;
    this.#at = Math.min(ids.length, at);
    this.#last = null;
  }

  /** To the next one, or to the end. */
  next = (): void => {
    this.#at = Math.min(this.#ids.length, this.#at + 1);
  };

  back = (): void => {
    this.#at = Math.max(0, this.#at - 1);
  };

  /**
   * Saves a decision on the photo shown. With `onward` the next one is there at once; one that could not be saved
   * brings its photo back, with the reason.
   */
  decide = (words: string, onward: boolean, save: (photo: string) => Promise<void>): Promise<void> =>
    this.#session.decide(async () => {
      const photo = this.current;
      if (photo === null) return;
      const before = this.#last;
      this.#last = { photo, words };
      if (onward) this.next();
      const saved = save(photo);
      this.#saving = saved.catch(() => undefined);
      try {
        await saved;
      } catch (cause) {
        this.#last = before;
        this.#show(photo);
        throw cause;
      }
    });

  /** Takes the last act back and shows the photo that it was about. */
  undo = async (): Promise<void> => {
    await this.#saving;
    const last = this.#last;
    this.#last = null;
    await this.#session.undo();
    if (last) this.#show(last.photo);
  };

  #show(photo: string): void {
    const at = this.#ids.indexOf(photo);
    if (at !== -1) this.#at = at;
  }
}
