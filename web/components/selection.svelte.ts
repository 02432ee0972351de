import { noIds, type Listed } from './listed.ts';

/** Which photos are chosen, and where the keyboard is. Positions are those of the list shown. */
export class Selection {
  readonly #ids = noIds();
  /** Made anew with every change of the set within. */
  #chosen = $state.raw<{ readonly ids: ReadonlySet<string> }>({ ids: this.#ids });
  /** Position of the photo with the keyboard. */
  active = $state(0);
  #anchor = 0;

  /** Read anew after every change. */
  get ids(): ReadonlySet<string> {
    return this.#chosen.ids;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Chooses this one alone. */
  only(list: Listed, at: number): void {
    this.#ids.clear();
    this.toggle(list, at);
  }

  toggle(list: Listed, at: number): void {
    const id = list.at(at)?.id;
    if (id === undefined) return;
    if (!this.#ids.delete(id)) this.#ids.add(id);
    this.active = this.#anchor = at;
    this.#told();
  }

  /** Chooses everything between the last one chosen and this one. */
  range(list: Listed, at: number): void {
    const [from, to] = [Math.min(this.#anchor, at), Math.max(this.#anchor, at)];
    this.#ids.clear();
    for (let i = from; i <= to; i++) this.#add(list.at(i));
    this.active = at;
    this.#told();
  }

  /** Chooses those at these positions, and with them those that were chosen before. */
  these(list: Listed, positions: readonly number[], before: Iterable<string>): void {
    this.#ids.clear();
    for (const id of before) this.#ids.add(id);
    for (const at of positions) this.#add(list.at(at));
    this.#told();
  }

  all(list: Listed): void {
    for (let i = 0; i < list.length; i++) this.#add(list.at(i));
    this.#told();
  }

  clear(): void {
    this.#ids.clear();
    this.#told();
  }

  /** Forgets what is no longer there. */
  keep(list: Listed): void {
    if (this.#ids.size === 0) return;
    const left: string[] = [];
    for (let i = 0; i < list.length; i++) {
      const id = list.at(i)?.id;
      if (id !== undefined && this.#ids.has(id)) left.push(id);
    }
    if (left.length === this.#ids.size) return;
    this.#ids.clear();
    for (const id of left) this.#ids.add(id);
    this.#told();
  }

  #told(): void {
    this.#chosen = { ids: this.#ids };
  }

  #add(photo: { readonly id: string } | undefined): void {
    if (photo) this.#ids.add(photo.id);
  }
}
