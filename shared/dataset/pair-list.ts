/** Pairs of places in one or two lists, and how far apart their hashes are in bits. */
export interface NearPairs {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly distance: Uint8Array;
}

/** Pairs that grow; typed arrays, since there may be millions. */
export class PairList {
  #a = new Int32Array(1024);
  #b = new Int32Array(1024);
  #distance = new Uint8Array(1024);
  #count = 0;

  add(a: number, b: number, distance: number): void {
    if (this.#count === this.#a.length) this.#grow();
    this.#a[this.#count] = a;
    this.#b[this.#count] = b;
    this.#distance[this.#count] = distance;
    this.#count += 1;
  }

  pairs(): NearPairs {
    return {
      a: this.#a.slice(0, this.#count),
      b: this.#b.slice(0, this.#count),
      distance: this.#distance.slice(0, this.#count),
    };
  }

  #grow(): void {
    const [a, b, distance] = [this.#a, this.#b, this.#distance];
    this.#a = new Int32Array(2 * a.length);
    this.#b = new Int32Array(2 * a.length);
    this.#distance = new Uint8Array(2 * a.length);
    this.#a.set(a);
    this.#b.set(b);
    this.#distance.set(distance);
  }
}
