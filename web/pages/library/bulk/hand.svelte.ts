import { tb } from '../../../messages/text-bulk.ts';
import type { BulkJob, BulkResult } from '../../../state/contract-bulk.ts';
import type { ActWords, LabelChoice, LibraryState } from '../../../state/contract.ts';
import { labelNames, keyOf, type LabelPick } from '../labels.ts';
import type { LibrarySession } from '../session.svelte.ts';
import { accept, acceptedOf, chosenOf, takenIn, type Chosen } from './acts.ts';

type Results = readonly BulkResult[];

/** What a keeper does with results of one identification: each an act that can be undone, and is told. */
export class Hand {
  readonly #library: LibraryState;
  readonly #session: LibrarySession;
  readonly #job: BulkJob;
  readonly #after: () => void;
  /** What was done last, and what undoing would undo then: with something else it is no longer offered. */
  #told = $state.raw<{ readonly text: string; readonly act: ActWords | null } | null>(null);
  /** Photos that are to go into a benchmark. */
  forBenchmark = $state.raw<readonly string[]>([]);
  /** Photos whose faults and origin are to be decided. */
  forJudgement = $state.raw<readonly string[]>([]);

  /** @param after called when an act is done, for the list to go on */
  constructor(library: LibraryState, session: LibrarySession, job: BulkJob, after: () => void) {
    this.#library = library;
    this.#session = session;
    this.#job = job;
    this.#after = after;
  }

  /** Words of what was done last; empty for nothing. */
  get told(): string {
    return this.#told && this.#told.act === this.#library.undoable ? this.#told.text : '';
  }

  forget = (): void => {
    this.#told = null;
  };

  chosen(results: Results): Chosen {
    return chosenOf(results, (id) => this.#library.photo(id) !== undefined);
  }

  /** Files outside the library are taken in first. @param pick null takes labels off */
  label = (results: Results, pick: LabelPick | null): Promise<void> =>
    this.#decide(async () => {
      const ids = await this.#takenIn(results);
      const choice = await this.#choiceOf(pick);
      await this.#library.assign(ids, choice);
      const n = ids.length;
      if (!choice) return tb('done.unlabel', { n });
      return tb('done.label', { n, name: labelNames(this.#library).get(keyOf(choice)) ?? choice.id });
    });

  /** Every photo gets its own best guess as its label, in one act. */
  accept = (results: Results): Promise<void> =>
    this.#decide(async () => {
      // Only those whose guess is a label are taken in.
      const sure = results.filter((one) => this.#accepted([one]).photos > 0);
      if (sure.length === 0) throw new Error(tb('accept.none'));
      await this.#takenIn(sure);
      await accept(this.#library, this.#accepted(sure));
      const [n, left] = [sure.length, results.length - sure.length];
      return left === 0 ? tb('done.accept', { n }) : tb('done.acceptSome', { n, left });
    });

  take = (results: Results): Promise<void> =>
    this.#act(async () => {
      const { outside } = this.chosen(results);
      await takenIn(this.#library.bulk, this.#job.id, { inside: [], outside });
      return tb('done.take', { n: outside.length });
    });

  aside = (results: Results): Promise<void> =>
    this.#decide(async () => {
      const { outside } = this.chosen(results);
      await this.#library.bulk.setAside(
        this.#job.id,
        outside.map(({ key }) => key),
      );
      return tb('done.aside', { n: outside.length });
    });

  /** Moves photos of the library to the bin; the frame of the library tells of it. */
  remove = async (results: Results): Promise<void> => {
    const ids = this.chosen(results).inside.flatMap(({ photo }) => (photo === null ? [] : [photo]));
    this.#told = null;
    await this.#session.remove(ids);
    this.#after();
  };

  benchmark = (results: Results): Promise<void> =>
    this.#session.act(async () => {
      this.forBenchmark = await this.#takenIn(results);
    });

  judge = (results: Results): Promise<void> =>
    this.#session.act(async () => {
      this.forJudgement = await this.#takenIn(results);
    });

  #takenIn(results: Results): Promise<readonly string[]> {
    return takenIn(this.#library.bulk, this.#job.id, this.chosen(results));
  }

  #accepted(results: Results): ReturnType<typeof acceptedOf> {
    return acceptedOf(results, this.#job.labels, this.#library);
  }

  async #choiceOf(pick: LabelPick | null): Promise<LabelChoice | null> {
    if (pick?.kind !== 'new') return pick?.choice ?? null;
    return this.#library.createLabel(pick.of, pick.name);
  }

  #decide(work: () => Promise<string>): Promise<void> {
    return this.#session.decide(() => this.#done(work));
  }

  #act(work: () => Promise<string>): Promise<void> {
    return this.#session.act(() => this.#done(work));
  }

  async #done(work: () => Promise<string>): Promise<void> {
    this.#told = null;
    const text = await work();
    this.#told = { text, act: this.#library.undoable };
    this.#after();
  }
}
