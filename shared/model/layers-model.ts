import * as v from 'valibot';

import { decode, storedBytes } from './dequantise.ts';
import { WeightsError } from './weights-error.ts';
import { layersOf, ManifestSchema, type WeightSpec } from './weights-manifest.ts';
import { isZooName, type ZooName } from './zoo/table.ts';
import {
  collectWeights,
  type ForeignModel,
  type LayersModelFiles,
  MAX_WEIGHTS_BYTES,
  type NamedWeight,
} from './weights.ts';

/** What our own training forms say in `generatedBy`. */
export const GENERATED_BY = 'Menagerie';

/** What our own training forms say they are; other models' metadata is none of our business. */
const OwnSchema = v.pipe(
  v.object({
    architecture: v.pipe(v.string(), v.check(isZooName)),
    width: v.pipe(v.number(), v.minValue(0.1), v.maxValue(4)),
  }),
  v.transform(({ architecture, width }) => ({ name: architecture as ZooName, width })),
);

/**
 * Reads names and numbers of a TensorFlow.js layers model; nothing of its topology is ever run.
 * Weights stored as uint8, uint16 or float16 come out as float32.
 * @throws WeightsError naming the file or the weight
 */
export async function readLayersModel(source: LayersModelFiles): Promise<ForeignModel> {
  const parsed = v.safeParse(ManifestSchema, source.modelJson);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const path = v.getDotPath(issue) ?? 'the top';
    throw new WeightsError('model.json', `not a TensorFlow.js layers model: at ${path}: ${issue.message}`);
  }
  const { modelTopology: topology, weightsManifest, generatedBy, userDefinedMetadata } = parsed.output;
  const weights: NamedWeight[] = [];
  let total = 0;
  for (const group of weightsManifest) {
    const expected = group.weights.reduce((sum, w) => sum + storedBytes(w), 0);
    total += expected;
    if (total > MAX_WEIGHTS_BYTES) throw new WeightsError('model.json', 'the weights are larger than 1 GiB');
    weights.push(...decodeGroup(group.weights, await loadGroup(source, group.paths, expected)));
  }
  const network = v.safeParse(OwnSchema, userDefinedMetadata);
  return {
    file: 'model.json',
    naming: generatedBy === GENERATED_BY ? 'menagerie' : 'keras',
    weights: collectWeights(weights, 'model.json'),
    layers: layersOf('model_config' in topology ? topology.model_config : topology),
    ...(network.success ? { network: network.output } : {}),
  };
}

async function loadGroup(
  source: LayersModelFiles,
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
