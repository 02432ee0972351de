import { canonicalise } from '#shared/image/canonical.ts';
import { type Covered, uncovered } from '#shared/model/covered-input.ts';
import { decodeImage, encodePng } from '../platform/decode.ts';
import { sha256 } from '../platform/hash.ts';
import type { EngineName } from './engine-names.ts';
import { createInference, type Inference, type NetworkBytes } from './inference.ts';
import { handOver, serve } from './spawn.ts';

/** The answer to one picture. */
export interface Identified {
  /** SHA-256 of the picture's bytes. */
  readonly photo: string;
  readonly scores: readonly number[];
  readonly engine: EngineName;
  /** Canonical image as PNG. */
  readonly image: ArrayBuffer;
  /** Milliseconds. */
  readonly timings: { readonly decode: number; readonly prepare: number; readonly infer: number };
}

let inference: Inference | null = null;

const api = {
  /** Takes a network over after it proved itself; returns the engine in use. The one before stays when this throws. */
  load: async (network: NetworkBytes, forced: EngineName | null): Promise<EngineName> => {
    inference ??= createInference(forced);
    await inference.load(network);
    return inference.engine() ?? 'cpu';
  },
  /** @throws ImageRefused when the picture is none */
  identify: async (picture: Blob, size: number): Promise<Identified> => {
    if (!inference) throw new Error('No network is loaded.');
    const begin = performance.now();
    const bytes = new Uint8Array(await picture.arrayBuffer());
    const { pixels } = await decodeImage(bytes, size);
    const canonical = canonicalise(pixels, size);
    const decode = performance.now() - begin;
    const { scores, engine, prepare, infer } = await inference.predict(canonical);
    const [photo, image] = await Promise.all([sha256(bytes), encodePng(canonical)]);
    const timings = { decode, prepare, infer };
    return handOver({ photo, scores: Array.from(scores), engine, image, timings }, [image]);
  },
  /** A canonical PNG, to be covered. @throws ImageRefused when it cannot be read */
  uncovered: async (image: ArrayBuffer, size: number): Promise<Omit<Covered, 'covers'>> => {
    return uncovered(canonicalise((await decodeImage(new Uint8Array(image), size)).pixels, size));
  },
  /** Scores of an image with parts of its picture hidden, one row a cover: few a call, so that others get their turn. */
  covered: async (image: Covered): Promise<readonly Float32Array[]> => {
    if (!inference) throw new Error('No network is loaded.');
    return inference.covered(image);
  },
};
export type InferApi = typeof api;

serve(api);
