import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import { findKeras, indexKeras } from './keras-names.ts';
import { readLayersModel } from './layers-model.ts';
import { recognise } from './recognise.ts';
import { fromTimm, timmName } from './timm.ts';
import { WeightsError } from './weights-error.ts';
import type { ForeignModel, NamedWeight, WeightsSource } from './weights.ts';
import { ZOO } from './zoo/table.ts';
import { type Backbone, type BackboneSpec, buildBackbone } from './zoo.ts';

export interface LoadOptions {
  /** Edge of the input in pixels; default: see `canonical`. */
  readonly size?: number | undefined;
  /**
   * Edge of the canonical images that the network will see: weights from elsewhere get the input size that fits
   * letterboxed pictures (`letterboxedSize`). Without it, and for our own training forms, the one they were trained at.
   */
  readonly canonical?: number;
}

/**
 * Input size at which a network that was trained on pictures filling the whole square sees letterboxed ones at the
 * scale it knows: a picture of the usual shape, 4 : 3, fills three quarters of the height, so the edge is a third
 * larger, in the steps of 32 px that these networks shrink by. Never beyond the canonical image, which has no more to
 * show. On our photos 224 → 288 px brings two points (docs/benchmarks.md).
 */
export function letterboxedSize(trained: number, canonical: number): number {
  const larger = Math.floor(Math.min(canonical, (trained * 4) / 3) / 32) * 32;
  return Math.max(trained, larger);
}

/**
 * Pretrained backbone: recognises the network, builds our own, and fills in the weights by name. The foreign
 * topology is never run, and weights that the backbone has no place for (a classifier) are left out.
 * @throws WeightsError naming the layer and both shapes, or for a size that leaves nothing to pool
 */
export async function loadBackbone(
  source: WeightsSource,
  { size, canonical }: LoadOptions = {},
): Promise<Backbone> {
  const foreign = 'modelJson' in source ? await readLayersModel(source) : source;
  const known = recognise(foreign, size);
  const enlarge = size === undefined && canonical !== undefined && foreign.naming !== 'menagerie';
  const spec = enlarge ? { ...known, size: letterboxedSize(known.size, canonical) } : known;
  const { title, minSize } = ZOO[spec.name];
  if (spec.size < minSize) {
    throw new WeightsError(title, `needs an input of at least ${minSize} px, not ${spec.size}`);
  }
  const backbone = buildBackbone({ ...spec, seed: null });
  try {
    fillWeights(backbone.model, foreign.naming === 'timm' ? timmFinder(foreign) : kerasFinder(foreign, spec));
  } catch (error) {
    backbone.model.dispose();
    throw error;
  }
  return { ...backbone, spec };
}

/** The foreign weight for a name of the zoo, in the zoo's layout. */
type Finder = (name: string) => NamedWeight | undefined;

function timmFinder(foreign: ForeignModel): Finder {
  return (name) => {
    const found = foreign.weights.get(timmName(name));
    return found && fromTimm(found, name);
  };
}

function kerasFinder(foreign: ForeignModel, spec: BackboneSpec): Finder {
  const index = indexKeras(foreign);
  // Keras's ResNet-50 was trained on blue, green, red; with us every network sees red, green, blue.
  const stem = foreign.naming === 'keras' && spec.name === 'resnet-50' ? 'conv1_conv/kernel' : null;
  return (name) => {
    const found = findKeras(index, name);
    return found && name === stem ? swapRedAndBlue(found) : found;
  };
}

/** Of a kernel [h, w, 3, out]. */
function swapRedAndBlue(kernel: NamedWeight): NamedWeight {
  const filters = kernel.shape.at(-1) ?? 0;
  const data = kernel.data.slice();
  for (let at = 0; at < data.length; at += 3 * filters) {
    data.copyWithin(at, at + 2 * filters, at + 3 * filters);
    data.set(kernel.data.subarray(at, at + filters), at + 2 * filters);
  }
  return { ...kernel, data };
}

/**
 * Sets every weight of a model.
 * @throws WeightsError for one that is missing, has another shape or is not finite
 */
function fillWeights(model: LayersModel, find: Finder): void {
  const values = model.weights.map((weight) => checked(find, weight.originalName, weight.shape));
  tidy(() => {
    model.setWeights(values.map((w) => tensor(w.data, [...w.shape], 'float32')));
  });
}

function checked(find: Finder, name: string, shape: readonly (number | null)[]): NamedWeight {
  const found = find(name);
  const expected = `[${shape.join(', ')}]`;
  if (!found) throw new WeightsError(name, `missing; expected shape ${expected}${HINTS.get(name) ?? ''}`);
  if (found.shape.length !== shape.length || found.shape.some((n, i) => n !== shape[i])) {
    throw new WeightsError(name, `shape [${found.shape.join(', ')}], expected ${expected}`);
  }
  if (!found.data.every((x) => Number.isFinite(x)))
    throw new WeightsError(name, 'holds a value that is no number');
  return found;
}

/** What helps where a well-known file lacks something. */
const HINTS: ReadonlyMap<string, string> = new Map([
  [
    'conv_2/kernel',
    ". It is the last layer before MobileNet V3's classifier, which files without top do not have: take the one with top",
  ],
]);
