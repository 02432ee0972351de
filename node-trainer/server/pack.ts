import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Larger files are sent as they are, in pieces. */
export const MOST_PACKED = 16 * 2 ** 20;
const LEAST_PACKED = 1024;
const MOST_KEPT = 64 * 2 ** 20;
/** From 5 to 11 Brotli takes fifty times longer for a few percent. */
const QUALITY = 5;

type Encoding = 'br' | 'gzip';

/** Packs texts once and keeps the result, up to a bound: an app's files are asked for again and again. */
export class Packer {
  readonly #kept = new Map<string, Uint8Array>();
  #bytes = 0;

  /**
   * @param key names the content, its version included
   * @returns null where the client takes no packing or it is not worth it
   */
  async pack(
    content: Uint8Array,
    key: string,
    accepted: string,
  ): Promise<{ readonly encoding: Encoding; readonly bytes: Uint8Array } | null> {
    const encoding = choose(accepted);
    if (!encoding || content.length < LEAST_PACKED || content.length > MOST_PACKED) return null;
    const name = `${encoding} ${key}`;
    const bytes = this.#kept.get(name) ?? (await packAs(encoding, content));
    this.#keep(name, bytes);
    return { encoding, bytes };
  }

  #keep(name: string, bytes: Uint8Array): void {
    if (this.#kept.has(name)) return;
    if (this.#bytes + bytes.length > MOST_KEPT) {
      this.#kept.clear();
      this.#bytes = 0;
    }
    this.#kept.set(name, bytes);
    this.#bytes += bytes.length;
  }
}

function choose(accepted: string): Encoding | null {
  const wanted = accepted.split(',').map((part) => part.trim().toLowerCase());
  const takes = (name: string): boolean =>
    wanted.some((part) => part === name || (part.startsWith(`${name};`) && !/;\s*q=0(\.0*)?$/.test(part)));
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : null;
}

function packAs(encoding: Encoding, content: Uint8Array): Promise<Uint8Array> {
  if (encoding === 'gzip') return promisify(gzip)(content);
  return promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } });
}
