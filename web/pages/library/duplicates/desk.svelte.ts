import { messageOf } from '../../../components/problem.ts';
import type {
  LibraryState,
  Likeness,
  Lookalikes,
  ModelState,
  Settlement,
  StoredDecision,
} from '../../../state/contract.ts';
import { keyOf } from '../labels.ts';
import type { LibrarySession } from '../session.svelte.ts';
import { exactCopies, sortGroups, unseenBy, type Group, type Sorted } from './groups.ts';

export type Searching =
  | { readonly kind: 'idle' }
  /** `share` 0 … 1. */
  | { readonly kind: 'running'; readonly share: number }
  | { readonly kind: 'stopped' }
  /** No model is here that could have seen anything. */
  | { readonly kind: 'blind' }
  | { readonly kind: 'failed'; readonly message: string };

/** Searched at once; a larger radius costs more and is searched when it is asked for. */
const FIRST_RADIUS = 6;
export const MOST_RADIUS = 10;

/** The work on look-alikes: the search, the groups at the chosen radius, what was decided. */
export class DuplicateDesk {
  readonly #library: LibraryState;
  readonly #model: ModelState;
  readonly #session: LibrarySession;
  radius = $state(4);
  turned = $state(false);
  /** By their pictures, or by what the published model makes of them. */
  by = $state<Likeness['kind']>('picture');
  /** Key of a label, `none`, or `all`. */
  filter = $state('all');
  searching = $state.raw<Searching>({ kind: 'idle' });
  found = $state.raw<Lookalikes | null>(null);
  /** Groups that were decided since the search. */
  done = $state(0);
  #decisions = $state.raw<readonly StoredDecision[]>([]);
  #searched: Pick<Likeness, 'kind' | 'radius'> & { turned?: boolean } = { kind: 'picture', radius: -1 };
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
  /** Photos that the model has not seen yet, where it was asked. */
  readonly unlooked = $derived(
    this.by === 'model' && this.found ? this.found.photos.length - this.found.compared : 0,
  );
  /** Photos that came since the search. */
  readonly unseen = $derived.by(() => (this.found ? unseenBy(this.found, this.#library.photos) : 0));

  constructor(library: LibraryState, model: ModelState, session: LibrarySession) {
    this.#library = library;
    this.#model = model;
    this.#session = session;
  }

  /** Searches again where what is asked for was not searched yet. */
  want = (): void => {
    const { kind, radius, turned } = this.#searched;
    const enough = this.radius <= radius && this.by === kind && (kind === 'model' || this.turned === turned);
    if (!enough) void this.search();
  };

  search = async (): Promise<void> => {
    this.stop();
    const controller = new AbortController();
    this.#controller = controller;
    const current = (): boolean => this.#controller === controller;
    const progress = (share: number): void => {
      if (current()) this.searching = { kind: 'running', share };
    };
    progress(0);
    try {
      const likeness = await this.#likeness();
      if (!current()) return;
      if (!likeness) {
        this.found = null;
        this.searching = { kind: 'blind' };
        return;
      }
      const [found, decisions] = await Promise.all([
        this.#library.findDuplicates(this.#library.photos, likeness, progress, controller.signal),
        this.#library.duplicateDecisions(),
      ]);
      if (!current()) return;
      this.#decisions = decisions;
      this.found = found;
      this.#searched = likeness;
      this.done = 0;
      this.searching = { kind: 'idle' };
    } catch (error) {
      if (!current()) return;
      this.searching = controller.signal.aborted
        ? { kind: 'stopped' }
        : { kind: 'failed', message: messageOf(error) };
    }
  };

  /** Null where no model could have seen anything. */
  async #likeness(): Promise<Likeness | null> {
    if (this.by === 'picture') {
      const radius = this.radius <= FIRST_RADIUS ? FIRST_RADIUS : MOST_RADIUS;
      return { kind: 'picture', radius, turned: this.turned };
    }
    await this.#model.start();
    const eyes = await this.#model.eyes();
    return eyes && { kind: 'model', radius: MOST_RADIUS, network: eyes.network };
  }

  /** Lets the model look at what it has not seen, then searches again. */
  look = async (): Promise<void> => {
    const eyes = await this.#model.eyes();
    if (!eyes) return;
    await this.#library.see(eyes);
    await this.search();
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
