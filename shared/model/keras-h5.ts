import * as v from 'valibot';

import { parseJson } from '../schema/json.ts';
import { WeightsError } from './weights-error.ts';
import { layersOf, NetworkSchema } from './weights-manifest.ts';
import { collectWeights, type ForeignLayer, type ForeignModel, type NamedWeight } from './weights.ts';

/** A group of an HDF5 file, as its reader hands it to us. */
export interface Hdf5Group {
  /** Names of what is directly below. */
  readonly names: () => readonly string[];
  /** A text attribute, one text or several; null when there is none. */
  readonly text: (attribute: string) => readonly string[] | null;
  /** The group at a path below; null when there is none. */
  readonly group: (path: string) => Hdf5Group | null;
  /** Floating-point numbers at a path below; null when there are none. */
  readonly numbers: (path: string) => Omit<NamedWeight, 'name'> | null;
}

/** Nested models in a file; ours have one level, a classifier around them two. */
const MAX_DEPTH = 8;
const MAX_GROUPS = 20_000;

/** Variables of a Keras 3 layer in the order of its numbered datasets, by the class in its group's name. */
const VARIABLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['conv2d', ['kernel', 'bias']],
  ['depthwise_conv2d', ['depthwise_kernel', 'bias']],
  ['dense', ['kernel', 'bias']],
  ['batch_normalization', ['gamma', 'beta', 'moving_mean', 'moving_variance']],
  ['normalization', ['mean', 'variance']],
]);

/**
 * Weights of a Keras model: a whole model or its weights in the older `.h5` layout, or Keras 3's `.weights.h5`.
 * Names come out as `layer/weight`.
 * @throws WeightsError naming the file or the layer
 */
export function readKeras(root: Hdf5Group, file: string): ForeignModel {
  const whole = root.group('model_weights');
  const legacy = whole ?? root;
  if (attributeParts(legacy, 'layer_names').length > 0) {
    const weights = collectWeights(legacyWeights(legacy), file);
    return { file, naming: 'keras', weights, layers: whole ? topology(root, file) : [] };
  }
  const weights = collectWeights(numberedWeights(root, file), file);
  if (weights.size === 0)
    throw new WeightsError(file, 'no Keras model: it has neither layer names nor layers');
  return { file, naming: 'keras', weights, layers: [] };
}

function topology(root: Hdf5Group, file: string): ForeignLayer[] {
  const text = root.text('model_config')?.[0];
  if (text === undefined) return [];
  const parsed = v.safeParse(NetworkSchema, parseJson(text, `${file}, model_config`));
  if (!parsed.success) throw new WeightsError(file, `model_config: ${parsed.issues[0].message}`);
  return layersOf(parsed.output);
}

/** Keras cuts an attribute that is too long for HDF5 into `name0`, `name1` … */
function attributeParts(group: Hdf5Group, name: string): string[] {
  const whole = group.text(name);
  if (whole) return [...whole];
  const parts: string[] = [];
  for (let i = 0; i < MAX_GROUPS; i += 1) {
    const part = group.text(`${name}${i}`);
    if (!part) break;
    parts.push(...part);
  }
  return parts;
}

function* legacyWeights(model: Hdf5Group): Generator<NamedWeight> {
  for (const layer of attributeParts(model, 'layer_names')) {
    const group = model.group(layer);
    if (!group) throw new WeightsError(layer, 'is listed in layer_names, but has no group');
    const paths = attributeParts(group, 'weight_names');
    const owners = new Set(paths.map((path) => ownerOf(path)));
    for (const path of paths) {
      const numbers = group.numbers(path);
      if (!numbers) continue;
      // A group with several owners is a model in the model; a single one may be numbered (`conv1_1`) by a later build.
      const owner = owners.size > 1 ? ownerOf(path) : layer;
      yield { name: `${owner}/${lastOf(path)}`, ...numbers };
    }
  }
}

/** `conv1/kernel:0` → `conv1`. */
function ownerOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

function lastOf(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/:\d+$/, '');
}

/** Keras 3: `layers/<class>_<n>/vars/<i>`, the layer's own name as an attribute. */
function* numberedWeights(root: Hdf5Group, file: string): Generator<NamedWeight> {
  let visited = 0;
  const visit = function* (group: Hdf5Group, name: string, depth: number): Generator<NamedWeight> {
    visited += 1;
    if (depth > MAX_DEPTH || visited > MAX_GROUPS)
      throw new WeightsError(file, 'too many groups in each other');
    const variables = VARIABLES.get(name.replace(/_\d+$/, ''));
    const vars = group.group('vars');
    if (variables && vars) yield* layerWeights(vars, variables, name, file);
    for (const child of group.names()) {
      const below = child === 'vars' || child === 'optimizer' ? null : group.group(child);
      if (below) yield* visit(below, child, depth + 1);
    }
  };
  yield* visit(root, '', 0);
}

function* layerWeights(
  vars: Hdf5Group,
  variables: readonly string[],
  group: string,
  file: string,
): Generator<NamedWeight> {
  const count = vars.names().length;
  if (count === 0) return;
  const layer = vars.text('name')?.[0];
  if (layer === undefined) {
    const mend = 'save the model again with a current Keras, or as a .h5 file';
    throw new WeightsError(
      file,
      `the layer in ${group} has no name, as older versions of Keras 3 saved it; ${mend}`,
    );
  }
  if (variables.includes('gamma') && count !== variables.length) {
    throw new WeightsError(layer, `${count} weights, expected ${variables.join(', ')}`);
  }
  for (const [i, variable] of variables.entries()) {
    const numbers = vars.numbers(String(i));
    if (numbers) yield { name: `${layer}/${variable}`, ...numbers };
  }
}
