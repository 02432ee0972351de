import { untrack } from 'svelte';

import type { Photo } from '#shared/schema/photo.ts';

import { labelNames, type LabelPick } from '../labels.ts';
import type { RoomProps } from '../rooms.ts';
import { keyTable, USUAL_KEYS, type KeyTable, type UsualKeys } from './keys.ts';
import { namedPicks, unknownPicks, type NamedPick } from './named.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { recentOf, withUse } from './recent.ts';
import { Walk } from './walk.svelte.ts';

/**
 * What every room needs that goes through photos one by one: the way, the pictures, the keys, the labels at hand. It is
 * made while the room's component is set up, and ends with it.
 */
export class PhotoDesk {
  readonly #library: RoomProps['library'];
  readonly #usual: UsualKeys;
  readonly walk: Walk;
  readonly pictures: Pictures;
  #recent = $state.raw(recentOf([]));

  readonly keys: KeyTable = $derived.by(() => keyTable(this.#library.keys, this.#usual));
  readonly names = $derived.by(() => labelNames(this.#library));
  readonly photo: Photo | undefined = $derived.by(() =>
    this.walk.current === null ? undefined : this.#library.photo(this.walk.current),
  );
  readonly recent: readonly NamedPick[] = $derived.by(() => namedPicks(this.#recent.slots, this.names));
  readonly unknowns: readonly NamedPick[] = $derived.by(() => unknownPicks(this.#library));

  constructor({ library, session }: Omit<RoomProps, 'model'>, usual: UsualKeys = USUAL_KEYS) {
    this.#library = library;
    this.#usual = usual;
    this.walk = new Walk(session);
    this.pictures = createPictures(library.image);
    this.#recent = untrack(() => recentOf(library.photos));
    // Pictures are outside Svelte: they are given back when the room is left.
    $effect(() => () => {
      this.pictures.keep([]);
    });
  }

  /** Gives the photo shown a label, made first where it is new. `onward`: the next photo is there at once. */
  give = (pick: LabelPick, words: string, onward = true): Promise<void> =>
    this.walk.decide(words, onward, async (id) => {
      const choice = pick.kind === 'new' ? await this.#library.createLabel(pick.of, pick.name) : pick.choice;
      if (choice.kind === 'sub-class') this.#recent = withUse(this.#recent, choice);
      await this.#library.assign([id], choice);
    });

  /** The label that a quick key means; undefined for none. @param action such as `recent2`, `unknown1` */
  pickOf(action: string): NamedPick | undefined {
    const [, kind, number] = /^(recent|unknown)(\d)$/.exec(action) ?? [];
    const lists = { recent: this.recent, unknown: this.unknowns };
    return kind === undefined ? undefined : lists[kind as keyof typeof lists][Number(number) - 1];
  }
}
