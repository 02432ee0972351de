import { untrack } from 'svelte';

import type { Photo } from '#shared/schema/photo.ts';

import type { Listed } from '../../../components/listed.ts';
import type { LibraryState, PhotoFilter } from '../../../state/contract.ts';
import { labelNames } from '../labels.ts';
import { benchmarksOf, classesOf, type FilterContext } from './facets.ts';
import { NO_FILTER, type Order } from './filter.ts';
import { NO_GUESSES, type Guessed } from './guesses.ts';
import { listed } from './tiles.ts';
import type { Twins } from './twins.ts';
import { viewOf, type View } from './view.ts';

type Source = Pick<LibraryState, 'photos' | 'subClasses' | 'unknownLabels' | 'benchmarks' | 'mergeRules'>;

const NO_NAMES = labelNames({ subClasses: [], unknownLabels: [] });

/** The photos that fit the keeper's filter, in the order asked for. */
export class Shown {
  readonly #library: Source;
  filter = $state.raw<PhotoFilter>(NO_FILTER);
  order = $state<Order>('newest');
  /** What the published model guesses, once it was read. */
  guessed = $state.raw<Guessed | null>(null);
  /** Look-alikes, once they were searched. */
  twins = $state.raw<Twins | null>(null);
  /** Where the next look begins: not reactive, it is only there to save work. */
  #before: View | null = null;
  readonly #inBenchmarks = kept(benchmarksOf);
  readonly #inClasses = kept(classesOf);
  readonly names = $derived.by(() => this.#namesKept());
  readonly #benchmarks = $derived.by(() => this.#inBenchmarks(this.#library.benchmarks));
  readonly #classes = $derived.by(() => this.#inClasses(this.#library.mergeRules));
  readonly #context = $derived<FilterContext>({
    names: this.names,
    benchmarks: this.#benchmarks,
    classes: this.#classes,
    guesses: this.guessed?.guesses ?? NO_GUESSES,
    twins: this.twins,
  });
  readonly #view = $derived.by(() => {
    const { filter, order } = this;
    this.#before = viewOf(this.#library.photos, filter, order, this.#context, this.#before);
    return this.#before;
  });
  /** The same list as before where nothing moved. */
  readonly places = $derived(this.#view.places);
  readonly photos = $derived<Listed<Photo>>(listed(this.#view.photos, this.#view.places));
  readonly counts = $derived(this.#view.counts);
  #names: ReadonlyMap<string, string> = NO_NAMES;

  constructor(library: Source) {
    this.#library = library;
  }

  /** The photos at these places, without being told of later changes to them. */
  listedNow(places: readonly number[]): Listed<Photo> {
    return listed(
      untrack(() => this.#view.photos),
      places,
    );
  }

  /** Where a photo is in the list; −1 where it is not. */
  placeOf(id: string): number {
    const { photos } = this.#view;
    return this.#view.places.findIndex((place) => photos[place]?.id === id);
  }

  /** Labels are read again after every act: while they say the same, the names stay the same object. */
  #namesKept(): ReadonlyMap<string, string> {
    const names = labelNames(this.#library);
    const same =
      names.size === this.#names.size && [...names].every(([key, n]) => this.#names.get(key) === n);
    if (!same) this.#names = names;
    return this.#names;
  }
}

/** Records are read again after every act: while they say the same, what was made of them stays the same object. */
function kept<Records, Made>(make: (records: Records) => Made): (records: Records) => Made {
  let last: { readonly key: string; readonly made: Made } | null = null;
  return (records) => {
    const key = JSON.stringify(records);
    if (last?.key !== key) last = { key, made: make(records) };
    return last.made;
  };
}
