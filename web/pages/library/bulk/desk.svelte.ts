import type { BulkJob, BulkResult } from '../../../state/contract-bulk.ts';
import type { LibraryState } from '../../../state/contract.ts';
import { labelNames } from '../labels.ts';
import { Latest } from '../plan/latest.svelte.ts';
import { answer, countsByClass, Orders } from './answer.ts';
import { needsOf } from './needs.ts';
import { EVERYTHING, type BulkQuery } from './query.ts';
import { queryFor, type QuestionName, type Setting } from './questions.ts';
import { labelWords, resultTiles } from './result-tiles.ts';
import { byKey, rowsOf, scoredRows, type Scored } from './rows.ts';

interface Read {
  readonly scored: Scored;
  readonly orders: Orders;
}

const NOTHING: Read = readOf(scoredRows([], []));

function readOf(scored: Scored): Read {
  return { scored, orders: new Orders(scored) };
}

/** The results of one identification, and the question that is asked of them. */
export class Desk {
  readonly #library: LibraryState;
  readonly #id: string;
  readonly #latest = new Latest<Read>();
  query = $state.raw<BulkQuery>(EVERYTHING);
  readonly job = $derived.by(() => this.#library.bulk.jobs.find(({ id }) => id === this.#id));
  readonly names = $derived.by(() => labelNames(this.#library));
  readonly needs = $derived.by(() => needsOf(this.#library));
  readonly #read = $derived.by(() =>
    this.#latest.outcome.kind === 'done' ? this.#latest.outcome.value : NOTHING,
  );
  /** Results that were read. */
  readonly total = $derived.by(() => this.#read.scored.results.length);
  readonly #inside = $derived.by(() => this.job?.kind === 'library');
  readonly rows = $derived.by(() => rowsOf(this.#read.scored, this.#inside, this.#library.photo));
  readonly places = $derived.by(() => answer(this.query, this.rows, this.needs, this.#read.orders));
  /** Results by class of the best guess, in the order of the version's classes, whatever class is asked for. */
  readonly counts = $derived.by(() => countsByClass(this.query, this.rows, this.needs));
  readonly threshold = $derived.by(() => this.job?.threshold ?? 1);
  readonly tiles = $derived.by(() => resultTiles(this.rows, this.places, this.names, this.threshold));
  readonly #byKey = $derived.by(() => byKey(this.#read.scored.results));

  constructor(library: LibraryState, id: string, query: BulkQuery) {
    this.#library = library;
    this.#id = id;
    this.query = query;
  }

  get outcome(): Latest<Read>['outcome'] {
    return this.#latest.outcome;
  }

  /** Results that came after the last reading, while the identification goes on. */
  get fresh(): number {
    if (!this.job || this.#latest.outcome.kind !== 'done') return 0;
    return Math.max(0, this.job.done - this.job.problems.length - this.total);
  }

  /** Reads all there is. */
  read = (job: BulkJob): void => {
    this.#latest.ask(async () => readOf(scoredRows(await this.#library.bulk.results(job.id), job.labels)));
  };

  /** What questions begin with. */
  get setting(): Setting {
    return { minimum: this.#library.planOptions.minimum, threshold: this.threshold, looks: null };
  }

  /** A question to begin with; where it is about a class, the one that most results of it are guessed to be. */
  queryOf(name: QuestionName): BulkQuery {
    const { setting, rows, needs } = this;
    const counts = countsByClass(queryFor(name, setting), rows, needs);
    let most = 0;
    counts.forEach((n, at) => {
      if (n > (counts[most] as number)) most = at;
    });
    const looks = counts[most] === 0 ? null : (rows.labels[most]?.id ?? null);
    return queryFor(name, { ...setting, looks });
  }

  /** Where a result is in the list; −1 where it is not. */
  placeOf(key: string): number {
    const { results } = this.rows;
    return this.places.findIndex((at) => results[at]?.key === key);
  }

  /** The result at a position of the list. */
  resultAt(index: number): BulkResult | undefined {
    const at = this.places[index];
    return at === undefined ? undefined : this.rows.results[at];
  }

  /** A result by its key, as it was read last. */
  result(key: string): BulkResult | undefined {
    return this.#byKey.get(key);
  }

  /** Its label in words. */
  labelOf(key: string): string {
    const at = this.rows.results.findIndex((one) => one.key === key);
    return labelWords(this.rows, at, this.names);
  }

  /** Results in the order of the list that are among these. */
  among(keys: ReadonlySet<string>): readonly BulkResult[] {
    const { results } = this.rows;
    const found: BulkResult[] = [];
    if (keys.size === 0) return found;
    for (const at of this.places) {
      const result = results[at];
      if (result && keys.has(result.key)) found.push(result);
    }
    return found;
  }
}
