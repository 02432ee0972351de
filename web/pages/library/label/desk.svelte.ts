import { untrack } from 'svelte';

import type { Photo } from '#shared/schema/photo.ts';

import { labelNames, type LabelPick } from '../labels.ts';
import type { RoomProps } from '../rooms.ts';
import { Advisor, type Advice } from './advisor.svelte.ts';
import { choicesOf, examplesOf, type Choice } from './choices.ts';
import { keyTable, type KeyTable } from './keys.ts';
import { namedPicks, unknownPicks, type NamedPick } from './named.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { recentOf, withUse } from './recent.ts';
import { Walk } from './walk.svelte.ts';

/**
 * What a room needs that goes through photos one by one: the way, the pictures ahead, what the model guesses, the labels
 * at hand. It is made while the room's component is set up, and ends with it.
 */
export class Desk {
  readonly #library: RoomProps['library'];
  readonly walk: Walk;
  readonly advisor: Advisor;
  readonly pictures: Pictures;
  #recent = $state.raw(recentOf([]));

  readonly keys: KeyTable = $derived.by(() => keyTable(this.#library.keys));
  readonly names = $derived.by(() => labelNames(this.#library));
  readonly photo: Photo | undefined = $derived.by(() =>
    this.walk.current === null ? undefined : this.#library.photo(this.walk.current),
  );
  readonly advice: Advice | undefined = $derived.by(() => this.photo && this.advisor.of(this.photo.id));
  readonly choices: readonly Choice[] = $derived.by(() =>
    this.advice?.kind === 'seen' ? choicesOf(this.advice.top, this.#library) : [],
  );
  // Looked up once for each set of guesses: a pass over the library with every label given would be felt.
  readonly examples: ReadonlyMap<string, string> = $derived.by(() => {
    const ids = this.choices.map((choice) => choice.id);
    return examplesOf(
      untrack(() => this.#library.photos),
      ids,
    );
  });
  readonly recent: readonly NamedPick[] = $derived.by(() => namedPicks(this.#recent.slots, this.names));
  readonly unknowns: readonly NamedPick[] = $derived.by(() => unknownPicks(this.#library));

  constructor({ library, model, session }: RoomProps) {
    this.#library = library;
    this.walk = new Walk(session);
    this.advisor = new Advisor(model);
    this.pictures = createPictures(library.image);
    this.#recent = untrack(() => recentOf(library.photos));
    this.#workAhead();
    // Starting goes on outside; pictures are given back when the room is left.
    $effect(() => {
      untrack(() => void model.start());
      return () => {
        this.pictures.keep([]);
      };
    });
  }

  /** Gives the photo shown a label, made first where it is new. `onward`: the next photo is there at once. */
  give = (pick: LabelPick, words: string, onward = true): Promise<void> =>
    this.walk.decide(words, onward, async (id) => {
      const choice = pick.kind === 'new' ? await this.#library.createLabel(pick.of, pick.name) : pick.choice;
      if (choice.kind === 'sub-class') this.#recent = withUse(this.#recent, choice);
      await this.#library.assign([id], choice);
    });

  /** The label that a quick key means; undefined for none. @param action such as `guess1`, `recent2`, `unknown1` */
  pickOf(action: string): { readonly pick: LabelPick; readonly name: string } | undefined {
    const [, kind, number] = /^(guess|recent|unknown)(\d)$/.exec(action) ?? [];
    const lists = { guess: this.choices, recent: this.recent, unknown: this.unknowns };
    return kind === undefined ? undefined : lists[kind as keyof typeof lists][Number(number) - 1];
  }

  #workAhead(): void {
    const { walk, advisor, pictures } = this;
    // An edit, or its undoing, gives the photo another image: what is at hand of the old one goes before it is shown.
    $effect.pre(() => {
      const { photo } = this;
      if (!photo || !pictures.refresh(photo.id, photo.pixels)) return;
      untrack(() => {
        advisor.forget(photo.id);
        advisor.ask(photo.id, pictures.url(photo.id));
      });
    });
    // Images and model are outside Svelte: they work ahead of the photo that is shown.
    $effect(() => {
      pictures.keep(walk.near);
      const ahead = walk.ids.slice(walk.at, walk.at + 2);
      if (advisor.ready) {
        untrack(() => {
          for (const id of ahead) advisor.ask(id, pictures.url(id));
        });
      }
    });
  }
}
