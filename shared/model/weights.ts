import * as v from 'valibot';

import { decode, storedBytes } from './dequantise.ts';
import { WeightsError } from './weights-error.ts';
import { ManifestSchema, type WeightSpec } from './weights-manifest.ts';

/** A TensorFlow.js layers model as it came; files, URLs and hashes are the caller's business. */
export interface WeightsSource {
  /** The parsed `model.json`. */
  readonly modelJson: unknown;
  /** Bytes of a file beside `model.json`; `path` is a plain relative path. */
  readonly loadFile: (path: string) => Promise<Uint8Array>;
}

export interface NamedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What we take from a foreign model: names, numbers, and as much of its topology as is needed to recognise it. */
export interface ForeignModel {
  /** By name, in the order of the manifest. */
  readonly weights: ReadonlyMap<string, NamedWeight>;
  readonly layers: readonly ForeignLayer[];
}

export interface ForeignLayer {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const MAX_BYTES = 1 << 30;

/**
 * Reads names and numbers of a TensorFlow.js layers model; nothing of its topology is ever run.
 * Weights stored as uint8, uint16 or float16 come out as float32.
 * @throws WeightsError naming the file or the weight
 */
export async function readLayersModel(source: WeightsSource): Promise<ForeignModel> {
  const parsed = v.safeParse(ManifestSchema, source.modelJson);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const path = v.getDotPath(issue) ?? 'the top';
    throw new WeightsError('model.json', `not a TensorFlow.js layers model: at ${path}: ${issue.message}`);
  }
  const weights = new Map<string, NamedWeight>();
  let total = 0;
  for (const group of parsed.output.weightsManifest) {
    const expected = group.weights.reduce((sum, w) => sum + storedBytes(w), 0);
    total += expected;
    if (total > MAX_BYTES) throw new WeightsError('model.json', 'the weights are larger than 1 GiB');
    const bytes = await loadGroup(source, group.paths, expected);
    for (const weight of decodeGroup(group.weights, bytes)) {
      if (weights.has(weight.name)) throw new WeightsError(weight.name, 'is there twice');
      weights.set(weight.name, weight);
    }
  }
  const topology = parsed.output.modelTopology;
  const network = 'model_config' in topology ? topology.model_config : topology;
  const layers = network.config.layers.map((l) => ({
    className: l.class_name,
    name: String(l.config.name),
    config: l.config,
  }));
  return { weights, layers };
}

async function loadGroup(
  source: WeightsSource,
  paths: readonly string[],
  expected: number,
): Promise<Uint8Array> {
  const all = new Uint8Array(expected);
  let at = 0;
  for (const path of paths) {
    const part = await source.loadFile(path);
    if (at + part.length > expected) {
      throw new WeightsError(path, `too long: its weights need ${expected} bytes in all`);
    }
    all.set(part, at);
    at += part.length;
  }
  if (at !== expected) {
    throw new WeightsError(paths.join(', '), `${at} bytes, but its weights need ${expected}`);
  }
  return all;
}

function decodeGroup(specs: readonly WeightSpec[], bytes: Uint8Array): NamedWeight[] {
  let at = 0;
  return specs.map((spec) => {
    const end = at + storedBytes(spec);
    const data = decode(spec, bytes.slice(at, end));
    at = end;
    return { name: spec.name, shape: spec.shape, data };
  });
}
