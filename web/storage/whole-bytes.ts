import { Sha256 } from '#shared/metrics/sha256.ts';

/** Bytes that come in parts of any size, taken in sizes of one's own; their hash is made as they pass by. */
export class WholeBytes {
  readonly #parts: AsyncGenerator<Uint8Array>;
  readonly #hash = new Sha256();
  /** What is left of the part that came last. */
  #left: Uint8Array = new Uint8Array();
  #bytes = 0;

  constructor(parts: AsyncGenerator<Uint8Array>) {
    this.#parts = parts;
  }

  /** Bytes taken so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Fills a buffer with the next bytes. @returns how many there were; fewer only at the end */
  async take(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length && (await this.#hasMore())) {
      const next = this.#left.subarray(0, target.length - filled);
      target.set(next, filled);
      filled += next.length;
      this.#left = this.#left.subarray(next.length);
    }
    this.#hash.update(target.subarray(0, filled));
    this.#bytes += filled;
    return filled;
  }

  /** SHA-256 of all bytes, in hex; null where some were not taken. Call it once, at the end. */
  async end(): Promise<string | null> {
    return (await this.#hasMore()) ? null : this.#hash.hex();
  }

  /** Lets go of the parts, however many there are still. */
  async close(): Promise<void> {
    await this.#parts.return(undefined);
  }

  async #hasMore(): Promise<boolean> {
    while (this.#left.length === 0) {
      const next = await this.#parts.next();
      if (next.done === true) return false;
      this.#left = next.value;
    }
    return true;
  }
}
