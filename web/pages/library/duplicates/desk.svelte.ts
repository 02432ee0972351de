import { messageOf } from '../../../components/problem.ts';
import type { LibraryState, Lookalikes, Settlement, StoredDecision } from '../../../state/contract.ts';
import { keyOf } from '../labels.ts';
import type { LibrarySession } from '../session.svelte.ts';
import { exactCopies, sortGroups, unseenBy, type Group, type Sorted } from './groups.ts';

export type Searching =
  | { readonly kind: 'idle' }
  /** `share` 0 … 1. */
  | { readonly kind: 'running'; readonly share: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string };

/** Searched at once; a larger radius costs more and is searched when it is asked for. */
const FIRST_RADIUS = 6;
export const MOST_RADIUS = 10;

/** The work on look-alikes: the search, the groups at the chosen radius, what was decided. */
export class DuplicateDesk {
  readonly #library: LibraryState;
  readonly #session: LibrarySession;
  radius = $state(4);
  turned = $state(false);
  /** Key of a label, `none`, or `all`. */
  filter = $state('all');
  searching = $state.raw<Searching>({ kind: 'idle' });
  found = $state.raw<Lookalikes | null>(null);
  /** Groups that were decided since the search. */
  done = $state(0);
  #decisions = $state.raw<readonly StoredDecision[]>([]);
  #searched = { radius: -1, turned: false };
  #controller: AbortController | null = null;
  #at = $state(0);

  readonly #sorted = $derived.by<Sorted>(() =>
    this.found
      ? sortGroups(this.#library, this.found, this.radius, this.#decisions)
      : { open: [], returned: [] },
  );
  readonly all = $derived(this.#sorted.open);
  readonly returned = $derived(this.#sorted.returned);
  readonly open = $derived(this.all.filter((group) => isAbout(group, this.filter)));
  readonly exact = $derived.by(() => exactCopies(this.#library, this.open));
  readonly at = $derived(Math.min(this.#at, Math.max(0, this.open.length - 1)));
  readonly group = $derived<Group | undefined>(this.open[this.at]);
  /** Photos that the search has not seen. */
  readonly unseen = $derived.by(() => (this.found ? unseenBy(this.found, this.#library.photos) : 0));

  constructor(library: LibraryState, session: LibrarySession) {
    this.#library = library;
    this.#session = session;
  }

  /** Searches again where what is asked for was not searched yet. */
  want = (): void => {
    const enough = this.radius <= this.#searched.radius && this.turned === this.#searched.turned;
    if (!enough) void this.search();
  };

  search = async (): Promise<void> => {
    this.stop();
    const controller = new AbortController();
    this.#controller = controller;
    const options = {
      radius: this.radius <= FIRST_RADIUS ? FIRST_RADIUS : MOST_RADIUS,
      turned: this.turned,
    };
    const current = (): boolean => this.#controller === controller;
    const progress = (share: number): void => {
      if (current()) this.searching = { kind: 'running', share };
    };
    progress(0);
    try {
      const [found, decisions] = await Promise.all([
        this.#library.findDuplicates(this.#library.photos, options, progress, controller.signal),
        this.#library.duplicateDecisions(),
      ]);
      if (!current()) return;
      this.#decisions = decisions;
      this.found = found;
      this.#searched = options;
      this.done = 0;
      this.searching = { kind: 'idle' };
    } catch (error) {
      if (!current()) return;
      this.searching = controller.signal.aborted
        ? { kind: 'stopped' }
        : { kind: 'failed', message: messageOf(error) };
    }
  };

  stop = (): void => {
    this.#controller?.abort();
  };

  move = (step: number): void => {
    const count = this.open.length;
    if (count > 0) this.#at = (this.at + step + count) % count;
  };

  settle = (settlements: readonly Settlement[], groups: number): Promise<void> =>
    this.#session.decide(async () => {
      await this.#library.settleDuplicates(settlements);
      this.#decisions = await this.#library.duplicateDecisions();
      this.done += groups;
    });

  /** After an undo: what was decided may be open again. */
  reread = async (): Promise<void> => {
    const before = this.all.length;
    this.#decisions = await this.#library.duplicateDecisions();
    this.done = Math.max(0, this.done - Math.max(0, this.all.length - before));
  };
}

function isAbout({ photos }: Group, filter: string): boolean {
  if (filter === 'all') return true;
  return photos.some(({ label }) => (label ? keyOf(label) : 'none') === filter);
}
