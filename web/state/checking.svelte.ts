import { readCheckPass, writeCheckPass, writeCheckPlace, type CheckPass } from '../storage/check-pass.ts';
import type { Database } from '../storage/db.ts';
import { readGuesses } from '../storage/seen.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { CheckingState } from './contract-check.ts';

/** The double-check's own small memory, and what versions guessed of photos. */
export class Checking implements CheckingState {
  readonly #db: () => Database<LibrarySchema>;
  #picked = $state.raw<readonly string[]>([]);

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
  keepPlace = (at: number): Promise<void> => writeCheckPlace(this.#db(), at);
}
