import { SvelteSet } from 'svelte/reactivity';

/** Which photos are chosen, and where the keyboard is. Positions are those of the list shown. */
export class Selection {
  readonly ids = new SvelteSet<string>();
  /** Position of the photo with the keyboard. */
  active = $state(0);
  #anchor = 0;

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Chooses this one alone. */
  only(list: readonly { readonly id: string }[], at: number): void {
    this.ids.clear();
    this.toggle(list, at);
  }

  toggle(list: readonly { readonly id: string }[], at: number): void {
    const id = list[at]?.id;
    if (id === undefined) return;
    if (!this.ids.delete(id)) this.ids.add(id);
    this.active = this.#anchor = at;
  }

  /** Chooses everything between the last one chosen and this one. */
  range(list: readonly { readonly id: string }[], at: number): void {
    const [from, to] = [Math.min(this.#anchor, at), Math.max(this.#anchor, at)];
    this.ids.clear();
    for (const { id } of list.slice(from, to + 1)) this.ids.add(id);
    this.active = at;
  }

  all(list: readonly { readonly id: string }[]): void {
    for (const { id } of list) this.ids.add(id);
  }

  clear(): void {
    this.ids.clear();
  }

  /** Forgets what is no longer there. */
  keep(list: readonly { readonly id: string }[]): void {
    if (this.ids.size === 0) return;
    const left = list.filter(({ id }) => this.ids.has(id));
    if (left.length === this.ids.size) return;
    this.ids.clear();
    this.all(left);
  }
}
