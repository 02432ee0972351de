import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import { recognise } from './recognise.ts';
import { WeightsError } from './weights-error.ts';
import { type ForeignModel, type NamedWeight, readLayersModel, type WeightsSource } from './weights.ts';
import { type Backbone, buildBackbone } from './zoo.ts';

/**
 * Pretrained backbone: recognises the network, builds our own, and fills in the weights by name. The foreign
 * topology is never run, and weights that the backbone has no place for (a classifier) are left out.
 * @throws WeightsError naming the layer and both shapes
 */
export async function loadBackbone(source: WeightsSource): Promise<Backbone> {
  const foreign = await readLayersModel(source);
  const backbone = buildBackbone(recognise(foreign));
  try {
    fillWeights(backbone.model, foreign);
  } catch (error) {
    backbone.model.dispose();
    throw error;
  }
  return backbone;
}

/**
 * Sets every weight of a model from those of the same name.
 * @throws WeightsError for one that is missing, has another shape or is not finite
 */
function fillWeights(model: LayersModel, foreign: Pick<ForeignModel, 'weights'>): void {
  const values = model.weights.map((weight) => pick(foreign, weight.originalName, weight.shape));
  tidy(() => {
    model.setWeights(values.map((w) => tensor(w.data, [...w.shape], 'float32')));
  });
}

function pick(
  foreign: Pick<ForeignModel, 'weights'>,
  name: string,
  shape: readonly (number | null)[],
): NamedWeight {
  const found = foreign.weights.get(name);
  const expected = `[${shape.join(', ')}]`;
  if (!found) throw new WeightsError(name, `missing; expected shape ${expected}`);
  if (found.shape.length !== shape.length || found.shape.some((n, i) => n !== shape[i])) {
    throw new WeightsError(name, `shape [${found.shape.join(', ')}], expected ${expected}`);
  }
  if (!found.data.every((x) => Number.isFinite(x)))
    throw new WeightsError(name, 'holds a value that is no number');
  return found;
}
