import { untrack } from 'svelte';

import type { RoomProps } from '../rooms.ts';
import { Advisor, type Advice } from './advisor.svelte.ts';
import { choicesOf, examplesOf, type Choice } from './choices.ts';
import type { NamedPick } from './named.ts';
import { PhotoDesk } from './photo-desk.svelte.ts';

/** A desk with the published model beside it: what it guesses of the photo shown, and of the next one ahead of time. */
export class Desk extends PhotoDesk {
  readonly advisor: Advisor;
  readonly #of: RoomProps['library'];

  readonly advice: Advice | undefined = $derived.by(() => this.photo && this.advisor.of(this.photo.id));
  readonly choices: readonly Choice[] = $derived.by(() =>
    this.advice?.kind === 'seen' ? choicesOf(this.advice.top, this.#of) : [],
  );
  // Looked up once for each set of guesses: a pass over the library with every label given would be felt.
  readonly examples: ReadonlyMap<string, string> = $derived.by(() => {
    const ids = this.choices.map((choice) => choice.id);
    return examplesOf(
      untrack(() => this.#of.photos),
      ids,
    );
  });

  constructor(room: RoomProps) {
    super(room);
    this.#of = room.library;
    this.advisor = new Advisor(room.model);
    this.#workAhead();
    // Starting goes on outside.
    $effect(() => {
      untrack(() => void room.model.start());
    });
  }

  /** The label that a quick key means; undefined for none. @param action such as `guess1`, `recent2`, `unknown1` */
  override pickOf(action: string): NamedPick | undefined {
    const [, number] = /^guess(\d)$/.exec(action) ?? [];
    return number === undefined ? super.pickOf(action) : this.choices[Number(number) - 1];
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
