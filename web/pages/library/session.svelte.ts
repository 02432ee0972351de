import { messageOf } from '../../components/problem.ts';
import { tl } from '../../messages/text-library.ts';
import type { FieldChange, ImportWish, LibraryState } from '../../state/contract.ts';
import type { LabelPick } from './labels.ts';
import type { ImportOptions } from './options.ts';

/**
 * What a keeper does in any room of the library goes through here: a failure is said in words, the name of the person
 * is asked once before the first decision, and what was removed can be taken back at once.
 */
export class LibrarySession {
  readonly library: LibraryState;
  /** What went wrong last, in words; empty for nothing. */
  problem = $state('');
  /** The person is asked for their name. */
  asking = $state(false);
  /** How many photos the last removal took, for the offer to take it back; 0 for none. */
  removed = $state(0);
  /** How photos are taken in, as chosen last. */
  options = $state.raw<ImportOptions>({ labelByFolder: true, origin: 'real' });
  #afterName: (() => Promise<unknown>) | null = null;
  #asked = false;

  constructor(library: LibraryState) {
    this.library = library;
  }

  /** Runs any work; never rejects. */
  act = async (work: () => Promise<unknown>): Promise<void> => {
    this.problem = '';
    try {
      await work();
    } catch (error) {
      this.problem = tl('failed', { message: messageOf(error) });
    }
  };

  /** Runs work that stamps decisions, after the name was asked for. */
  decide = async (work: () => Promise<unknown>): Promise<void> => {
    if (this.library.person === '' && !this.#asked) {
      this.#afterName = work;
      this.asking = true;
    } else await this.act(work);
  };

  /** @param name empty: the person goes on without one */
  nameGiven = async (name: string): Promise<void> => {
    this.#asked = true;
    if (name !== '') this.library.person = name;
    this.asking = false;
    const work = this.#afterName;
    this.#afterName = null;
    if (work) await this.act(work);
  };

  nameRefused = (): void => {
    this.#afterName = null;
    this.asking = false;
  };

  /** Adds files as chosen. @param more what is known better than that */
  add = async (files: readonly File[], more: Partial<ImportWish> = {}): Promise<void> => {
    if (files.length > 0) await this.act(() => this.library.importFiles(files, { ...this.options, ...more }));
  };

  /** Pictures of the clipboard; they have no folder to be labelled by. */
  paste = (files: readonly File[]): Promise<void> =>
    this.add(files, { source: 'paste', labelByFolder: false });

  /** Gives a label, made first where it is new; null takes the person's label off. */
  label = (ids: readonly string[], pick: LabelPick | null): Promise<void> =>
    this.decide(async () => {
      const choice =
        pick?.kind === 'new' ? await this.library.createLabel(pick.of, pick.name) : (pick?.choice ?? null);
      await this.library.assign(ids, choice);
    });

  change = (ids: readonly string[], change: FieldChange): Promise<void> =>
    this.decide(() => this.library.change(ids, change));

  remove = (ids: readonly string[]): Promise<void> =>
    this.act(async () => {
      await this.library.remove(ids);
      this.removed = ids.length;
    });

  undo = async (): Promise<void> => {
    this.removed = 0;
    if (this.library.undoable !== null) await this.act(this.library.undo);
  };

  redo = async (): Promise<void> => {
    if (this.library.redoable !== null) await this.act(this.library.redo);
  };
}
