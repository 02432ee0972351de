import { untrack } from 'svelte';

import type { Benchmark } from '#shared/schema/benchmark.ts';
import type { Fault, Photo } from '#shared/schema/photo.ts';

import { tc } from '../../../messages/text-check.ts';
import { tl } from '../../../messages/text-library.ts';
import type { CheckPass } from '../../../state/contract-check.ts';
import { choicesOf, type Choice } from '../label/choices.ts';
import { CHECK_KEYS } from '../label/keys.ts';
import type { NamedPick } from '../label/named.ts';
import { PhotoDesk } from '../label/photo-desk.svelte.ts';
import { nameOf } from '../labels.ts';
import { keepBenchmark } from '../plan/benchmark-acts.ts';
import type { RoomProps } from '../rooms.ts';
import { keep, keeping, makeExceptions } from './acts.ts';
import { Beside, type Question } from './beside.svelte.ts';
import { keptFor, type KeptPhotos } from './outcome.ts';
import { itemsByPhoto, type Item } from './queue.ts';
import { classesOf, rivalOf, verdictOf, type Classes, type Verdict } from './verdicts.ts';

/** What stands at one side of the photo: a class, and which examples of it. */
export interface Side extends Question {
  readonly name: string;
  /** Softmax value 0 … 1 of the guess; null where it is none of the published model. */
  readonly score: number | null;
}

/** The photo with what is to be held beside it; null where there is nothing to hold. */
export interface Sides {
  readonly label: Side | null;
  readonly guess: Side | null;
}

/** A label to give in place of the one it has; without a score where it is not the version that says so. */
export interface Take extends NamedPick {
  readonly score: number | null;
}

/** Questions whose pictures and examples are made ready: the one asked, the next ones, the one before. */
const AHEAD = [0, 1, 2, 3, 4, -1];

/** The way through one pass: what the version says of the photo shown, and what is held beside it. */
export class CheckDesk extends PhotoDesk {
  readonly #library: RoomProps['library'];
  readonly pass: CheckPass;
  readonly #items: ReadonlyMap<string, Item>;
  readonly #beside: Beside;
  /** Photos with a fault go to the bin, not just out of training. */
  toBin = $state(false);

  readonly classes: Classes = $derived.by(() => classesOf(this.pass.labels, this.#library.mergeRules));
  readonly kept: KeptPhotos = $derived.by(() => keptFor(this.pass.version, this.#library.checks));
  readonly verdict: Verdict | null = $derived.by(() => (this.photo ? this.#verdictOf(this.photo) : null));
  readonly sides: Sides = $derived.by(() => (this.photo ? this.#sidesOf(this.photo) : NO_SIDES));
  /** Labels that the version's guesses mean, its own class left out. */
  readonly choices: readonly Choice[] = $derived.by(() => (this.photo ? this.#choicesOf(this.photo) : []));
  /** Labels to give with one key: what is held beside the photo comes first. */
  readonly takes: readonly Take[] = $derived.by(() => (this.photo ? this.#takesOf(this.photo) : []));

  constructor(room: RoomProps, pass: CheckPass, at: number) {
    super(room, CHECK_KEYS);
    this.#library = room.library;
    this.pass = pass;
    this.#items = itemsByPhoto(pass);
    this.#beside = new Beside(room.library);
    this.walk.begin(
      pass.items.map(({ photo }) => photo),
      at,
    );
    this.#workAhead();
  }

  /** Has the version looked at the photo shown? */
  get seen(): boolean {
    return (this.#items.get(this.walk.current ?? '')?.top.length ?? 0) > 0;
  }

  /** Id of the class of the photo shown, as the version has it; undefined where it has none. */
  get truth(): string | undefined {
    return this.photo && this.#truthOf(this.photo);
  }

  /** Id of the class held beside the photo shown. */
  get rival(): string | undefined {
    const item = this.#items.get(this.walk.current ?? '');
    if (item?.suspect) return this.classes.classOf(item.suspect);
    return rivalOf(item?.top ?? [], this.truth)?.label;
  }

  /** Name of the label of a photo. */
  said(photo: Photo): string | null {
    return nameOf(photo, this.names);
  }

  /** The example at a side that is its turn; null for none, undefined while it is looked for. */
  example(side: Side): string | null | undefined {
    return this.#beside.of(side);
  }

  another = (side: Side | null): void => {
    if (side) void this.#beside.another(side);
  };

  keep = (reason = ''): Promise<void> => {
    const { photo } = this;
    if (!photo?.label) return Promise.resolve();
    const words = tc('kept', { name: this.said(photo) ?? '' });
    return this.walk.decide(words, true, () => keep(this.#library, photo, this.pass.version, reason));
  };

  /** Keeps the photo, and a benchmark that has it now. */
  benchmark = (filled: Benchmark): Promise<void> => {
    const { photo } = this;
    if (!photo) return Promise.resolve();
    return this.walk.decide(tc('benchmarked'), true, () =>
      keepBenchmark(this.#library, filled, 1, keeping(photo, this.pass.version, '', this.#library)),
    );
  };

  /** A fault takes the photo out of training, or to the bin, and answers the question; taken off, the photo stays. */
  fault = (fault: Fault): Promise<void> => {
    const { photo } = this;
    if (!photo) return Promise.resolve();
    const name = tl(`fault.${fault}`);
    const has = photo.faults.includes(fault);
    if (this.toBin && !has) return this.#remove(tc('removedFor', { name }), fault);
    const change = { kind: 'faults', add: has ? [] : [fault], remove: has ? [fault] : [] } as const;
    return this.walk.decide(tl(has ? 'walk.unfaulted' : 'walk.faulted', { name }), !has, (id) =>
      this.#library.change([id], change),
    );
  };

  remove = (): Promise<void> => this.#remove(tc('removed'));

  #remove(words: string, fault?: Fault): Promise<void> {
    return this.walk.decide(words, true, (id) => this.#library.remove([id], fault));
  }

  exclude = (): Promise<void> => {
    const { photo } = this;
    if (!photo) return Promise.resolve();
    const { excluded } = photo;
    return this.walk.decide(tl(excluded ? 'walk.taken' : 'walk.kept'), !excluded, (id) =>
      this.#library.change([id], { kind: excluded ? 'include' : 'exclude' }),
    );
  };

  /** Puts the photo into a new sub-class of its label, in the same class. */
  except = (name: string): Promise<void> => {
    const { photo } = this;
    const of = this.#library.subClasses.find(({ id }) => id === photo?.label?.id);
    if (!photo || !of) return Promise.resolve();
    return this.walk.decide(tc('exceptions.made', { name }), true, () =>
      makeExceptions(this.#library, photo, this.pass.version, { of, name }),
    );
  };

  override pickOf(action: string): NamedPick | undefined {
    const [, number] = /^guess(\d)$/.exec(action) ?? [];
    return number === undefined ? super.pickOf(action) : this.takes[Number(number) - 1];
  }

  #verdictOf(photo: Photo): Verdict | null {
    const top = this.#items.get(photo.id)?.top ?? [];
    return verdictOf(photo, { top, set: null }, this.classes, this.pass.threshold);
  }

  /** The class of a photo's label, as the version has it. */
  #truthOf({ label }: Photo): string | undefined {
    return label?.kind === 'sub-class' ? this.classes.classOf(label.id) : undefined;
  }

  #sidesOf(photo: Photo): Sides {
    const { label } = photo;
    const own: Side | null = label && {
      photo: photo.id,
      of: label.kind === 'sub-class' ? [label.id] : [],
      name: this.said(photo) ?? '',
      score: this.#verdictOf(photo)?.own ?? null,
    };
    return { label: own, guess: this.#guessOf(photo) };
  }

  #guessOf(photo: Photo): Side | null {
    const item = this.#items.get(photo.id);
    if (item?.suspect && item.suspect !== photo.label?.id) {
      const name = this.names.get(`sub-class ${item.suspect}`) ?? item.suspect;
      return { photo: photo.id, of: [item.suspect], name, score: null };
    }
    const rival = rivalOf(item?.top ?? [], this.#truthOf(photo));
    const of = rival && this.classes.of(rival.label);
    return of ? { photo: photo.id, of: of.subClasses, name: of.name, score: rival.score } : null;
  }

  #choicesOf(photo: Photo): readonly Choice[] {
    const item = this.#items.get(photo.id);
    const truth = this.#truthOf(photo);
    const guesses = (item?.top ?? []).flatMap(({ label, score }) => {
      const of = label === truth ? undefined : this.classes.of(label);
      return of ? [{ label: of, score }] : [];
    });
    return choicesOf(guesses, this.#library).slice(0, 3);
  }

  #takesOf({ id, label }: Photo): readonly Take[] {
    const suspect = this.#items.get(id)?.suspect;
    const name = this.names.get(`sub-class ${suspect ?? ''}`);
    if (!suspect || name === undefined || suspect === label?.id) return this.choices;
    const choice = { kind: 'sub-class' as const, id: suspect };
    const others = this.choices.filter((other) => other.id !== suspect);
    return [{ name, pick: { kind: 'existing' as const, choice }, score: null }, ...others].slice(0, 3);
  }

  #workAhead(): void {
    const { walk, pictures } = this;
    $effect.pre(() => {
      if (this.photo) pictures.refresh(this.photo.id, this.photo.pixels);
    });
    // Examples and pictures are outside Svelte: they work ahead of the question that is asked.
    $effect(() => {
      const near = AHEAD.flatMap((step) => this.#library.photo(walk.ids[walk.at + step] ?? '') ?? []);
      const sides = near.flatMap((photo) => {
        const { label, guess } = untrack(() => this.#sidesOf(photo));
        return [label, guess].filter((side) => side !== null);
      });
      for (const side of sides) this.#beside.ask(side);
      const beside = sides.flatMap((side) => this.#beside.of(side) ?? []);
      pictures.keep([...near.map(({ id }) => id as string), ...beside]);
    });
    // The place is kept with every step, so that a reload finds it again.
    $effect(() => {
      const { at } = walk;
      untrack(() => void this.#library.checking.keepPlace(at));
    });
  }
}

const NO_SIDES: Sides = { label: null, guess: null };
