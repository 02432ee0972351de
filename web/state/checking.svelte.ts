import { readCheckPass, writeCheckPass, writeCheckPlace, type CheckPass } from '../storage/check-pass.ts';
import type { Database } from '../storage/db.ts';
import { readGuesses } from '../storage/seen.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { CheckingState } from './contract-check.ts';

/** The double-check's own small memory, and what versions guessed of photos. */
export class Checking implements CheckingState {
  readonly #db: () => Database<LibrarySchema>;
  #picked = $state.raw<readonly string[]>([]);
  /** The place that is to be written. */
  #place: number | null = null;
  #writing: Promise<void> | null = null;

  constructor(db: () => Database<LibrarySchema>) {
    this.#db = db;
  }

  get picked(): readonly string[] {
    return this.#picked;
  }

  pick = (photos: readonly string[]): void => {
    this.#picked = photos;
  };

  answers: CheckingState['answers'] = (version, take) =>
    readGuesses(this.#db(), version, (page) => {
      for (const { photo, top } of page) take(photo, top);
    });

  pass = (): ReturnType<CheckingState['pass']> => readCheckPass(this.#db());
  keepPass = (pass: CheckPass | null): Promise<void> => writeCheckPass(this.#db(), pass);

  /** Whoever is quicker than the disk has the last place written, not every one in between. */
  keepPlace = (at: number): Promise<void> => {
    this.#place = at;
    this.#writing ??= this.#writePlace().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  };

  async #writePlace(): Promise<void> {
    for (let at = this.#place; at !== null; at = this.#place) {
      this.#place = null;
      await writeCheckPlace(this.#db(), at);
    }
  }
}
