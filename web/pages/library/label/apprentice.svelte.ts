import { untrack } from 'svelte';

import type { Eyes, LearntGuess } from '../../../state/contract.ts';
import type { RoomProps } from '../rooms.ts';
import { examplesOf, learntChoices, type Choice } from './choices.ts';
import type { Desk } from './desk.svelte.ts';

/** What was learnt here says of a photo. */
interface Suggestion {
  readonly photo: string;
  readonly top: readonly LearntGuess[];
  /** It learnt from this very photo. */
  readonly taught: boolean;
}

/**
 * What is learnt while somebody labels, for the photo shown: the published model looks at photos in the background, and
 * a head learns from the labels. It is made while the room's component is set up, and ends with it.
 */
export class Apprentice {
  readonly #library: RoomProps['library'];
  readonly #desk: Desk;
  /** null while nobody knows, and where no version is published. */
  #eyes = $state.raw<Eyes | null>(null);
  #suggestion = $state.raw<Suggestion | null>(null);
  /** Pixels of the photo shown, to notice an edit. */
  #shown = { id: '', pixels: '' };

  readonly suggestion = $derived(this.#suggestion?.photo === this.#shownId() ? this.#suggestion : null);
  readonly choices: readonly Choice[] = $derived.by(() =>
    this.suggestion ? learntChoices(this.suggestion.top, this.#library) : [],
  );
  readonly examples: ReadonlyMap<string, string> = $derived.by(() => {
    const ids = this.choices.map((choice) => choice.id);
    return examplesOf(
      untrack(() => this.#library.photos),
      ids,
    );
  });

  constructor({ library, model }: RoomProps, desk: Desk) {
    this.#library = library;
    this.#desk = desk;
    // Looking and learning go on outside; both stop when the room is left.
    $effect(() => {
      const { status } = model;
      if (status.kind === 'ready' || status.kind === 'failed') untrack(() => void this.#begin(model));
    });
    $effect(() => () => {
      library.stopSeeing();
      library.learning.stop();
    });
    $effect(() => {
      library.learning.follow(library.photos);
    });
    this.#askOfShown();
    this.#lookAtEdited();
  }

  /** Whether there is a model to see with. */
  get sees(): boolean {
    return this.#eyes !== null;
  }

  /** The label that a key means, such as `learnt1`. */
  pickOf(action: string): Choice | undefined {
    const [, number] = /^learnt(\d)$/.exec(action) ?? [];
    return number === undefined ? undefined : this.choices[Number(number) - 1];
  }

  async #begin(model: RoomProps['model']): Promise<void> {
    const eyes = await model.eyes();
    if (!eyes || eyes.network === this.#eyes?.network) return;
    this.#eyes = eyes;
    this.#library.learning.start(eyes);
    await this.#library.see(eyes);
  }

  #shownId(): string | undefined {
    return this.#desk.photo?.id;
  }

  /** The worker is asked anew with every photo, and with everything that it has learnt since. */
  #askOfShown(): void {
    const { learning } = this.#library;
    $effect(() => {
      const id = this.#shownId();
      if (id === undefined || learning.status !== 'ready' || learning.revision === 0) return;
      untrack(() => void this.#ask(id));
    });
  }

  async #ask(photo: string): Promise<void> {
    try {
      const answer = await this.#library.learning.suggest(photo);
      if (this.#shownId() === photo) this.#suggestion = { photo, ...answer };
    } catch {
      // The room was left, or the worker broke down, which its status tells.
    }
  }

  /** An edit made another picture of the photo shown: the published model looks at it again. */
  #lookAtEdited(): void {
    $effect(() => {
      const { photo } = this.#desk;
      if (!photo) return;
      const { id, pixels } = photo;
      const edited = this.#shown.id === id && this.#shown.pixels !== pixels;
      this.#shown = { id, pixels };
      untrack(() => {
        if (edited && this.#eyes) void this.#library.see(this.#eyes);
      });
    });
  }
}
