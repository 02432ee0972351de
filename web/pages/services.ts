import type { LibraryState, ModelState } from '../state/contract.ts';

/** What every page may use. The library's code is fetched when a keeper's page first asks for it. */
export interface Services {
  readonly model: ModelState;
  readonly openLibrary: () => Promise<LibraryState>;
}
