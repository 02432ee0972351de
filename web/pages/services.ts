import type { LibraryState, ModelState } from '../state/contract.ts';

/** What every page may use. The library's code is fetched when a keeper's page first asks for it. */
export interface Services {
  /** The address: a page with rooms shows the one that it names. */
  readonly path: string;
  readonly model: ModelState;
  readonly openLibrary: () => Promise<LibraryState>;
}
