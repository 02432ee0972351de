/** Disjoint sets over 0 … n−1, by size and with path halving. */
export class UnionFind {
  readonly #parent: Int32Array;
  readonly #size: Int32Array;
  #largest = 0;

  constructor(items: number) {
    this.#parent = Int32Array.from({ length: items }, (_, i) => i);
    this.#size = new Int32Array(items).fill(1);
  }

  /** The set's representative; changes as sets are joined. */
  find(item: number): number {
    const parent = this.#parent;
    let i = item;
    for (;;) {
      const up = parent[i] as number;
      if (up === i) return i;
      const next = parent[up] as number;
      parent[i] = next;
      i = next;
    }
  }

  join(a: number, b: number): void {
    let [x, y] = [this.find(a), this.find(b)];
    if (x === y) return;
    if (this.sizeAt(x) < this.sizeAt(y)) [x, y] = [y, x];
    this.#parent[y] = x;
    this.#size[x] = this.sizeAt(x) + this.sizeAt(y);
    if (this.sizeAt(x) > this.sizeAt(this.#largest)) this.#largest = x;
  }

  /** Items in the set of `item`. */
  size(item: number): number {
    return this.sizeAt(this.find(item));
  }

  /** Representative of a largest set. */
  largest(): number {
    return this.find(this.#largest);
  }

  /** Numbers the sets 0, 1, 2 … in the order of their first items. */
  numbered(): Int32Array {
    const numbers = new Map<number, number>();
    return this.#parent.map((_, item) => {
      const root = this.find(item);
      const number = numbers.get(root) ?? numbers.size;
      numbers.set(root, number);
      return number;
    });
  }

  private sizeAt(root: number): number {
    return this.#size[root] ?? 0;
  }
}
