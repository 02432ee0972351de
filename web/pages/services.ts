import type { LibraryState, ModelState } from '../state/contract.ts';
import type { EvidenceState } from '../state/contract-evidence.ts';

/** What every page may use. The library's code is fetched when a keeper's page first asks for it. */
export interface Services {
  /** The address: a page with rooms shows the one that it names. */
  readonly path: string;
  readonly model: ModelState;
  readonly openLibrary: () => Promise<LibraryState>;
  /** Published versions and their figures; their code is fetched when somebody asks for evidence. */
  readonly openEvidence: () => Promise<EvidenceState>;
}
