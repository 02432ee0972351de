import { WeightsError } from './weights-error.ts';
import type { ZooName } from './zoo/table.ts';

/** The files of a TensorFlow.js layers model as they came; where they are from is the caller's business. */
export interface LayersModelFiles {
  /** The parsed `model.json`. */
  readonly modelJson: unknown;
  /** Bytes of a file beside `model.json`; `path` is a plain relative path. */
  readonly loadFile: (path: string) => Promise<Uint8Array>;
}

/** Pretrained weights: files still to be read, or what a reader of another format made of them. */
export type WeightsSource = LayersModelFiles | ForeignModel;

export interface NamedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What we take from a foreign model: names, numbers, and as much of its topology as is needed to recognise it. */
export interface ForeignModel {
  /** File or address, for messages. */
  readonly file: string;
  /** Whose names and layouts the weights have; Menagerie's own training form has Keras's names but RGB throughout. */
  readonly naming: 'menagerie' | 'keras' | 'timm';
  /** By name, in the order of the file. */
  readonly weights: ReadonlyMap<string, NamedWeight>;
  /** Layers of a Keras topology; empty where the file holds weights alone. */
  readonly layers: readonly ForeignLayer[];
  /** What our own training forms say they are. */
  readonly network?: NetworkName;
  /** What is known of a timm model beside its weights. */
  readonly timm?: TimmFacts;
}

/** An architecture and its width. */
export interface NetworkName {
  readonly name: ZooName;
  readonly width: number;
}

export interface ForeignLayer {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** From the `config.json` beside timm's weights, or from the name of the file. */
export interface TimmFacts {
  /** timm's name, e.g. `tf_efficientnet_b0`; null when nothing says. */
  readonly architecture: string | null;
  /** Edge of the square input it was trained at. */
  readonly size: number | null;
  /** Normalisation of an image of 0 … 1, per channel. */
  readonly mean: readonly number[] | null;
  readonly std: readonly number[] | null;
}

/** No weights of the zoo come near; more is a mistake or an attack. */
export const MAX_WEIGHTS_BYTES = 1 << 30;

/**
 * Weights by name.
 * @throws WeightsError for one that is there twice or more bytes than any network of the zoo has
 */
export function collectWeights(weights: Iterable<NamedWeight>, file: string): Map<string, NamedWeight> {
  const all = new Map<string, NamedWeight>();
  let bytes = 0;
  for (const weight of weights) {
    if (all.has(weight.name)) throw new WeightsError(weight.name, 'is there twice');
    bytes += weight.data.byteLength;
    if (bytes > MAX_WEIGHTS_BYTES) throw new WeightsError(file, 'the weights are larger than 1 GiB');
    all.set(weight.name, weight);
  }
  return all;
}
