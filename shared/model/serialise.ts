import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import { GENERATED_BY } from './layers-model.ts';
import type { NetworkName } from './weights.ts';

/** Name of the weights file beside `model.json`. */
export const WEIGHTS_FILE = 'weights.bin';

/** The training form of a model: a TensorFlow.js layers model that `loadBackbone` and other tools can read. */
export interface SavedModel {
  /** `model.json` */
  readonly modelJson: Record<string, unknown>;
  /** `weights.bin` */
  readonly weights: Uint8Array<ArrayBuffer>;
}

/**
 * Turns a model into the two files of a TensorFlow.js layers model.
 * @param network which one it is, where that is known: widths that nobody published can't be told from the weights
 */
export async function serialiseLayersModel(model: LayersModel, network?: NetworkName): Promise<SavedModel> {
  const saved: SavedModel[] = [];
  const handler = io.withSaveHandler((artifacts) => {
    const weights = new Uint8Array(io.CompositeArrayBuffer.join(artifacts.weightData));
    const modelJson = {
      format: 'layers-model',
      generatedBy: GENERATED_BY,
      convertedBy: null,
      ...(network ? { userDefinedMetadata: { architecture: network.name, width: network.width } } : {}),
      modelTopology: artifacts.modelTopology,
      weightsManifest: [{ paths: [WEIGHTS_FILE], weights: artifacts.weightSpecs }],
    };
    saved.push({ modelJson, weights });
    return Promise.resolve({
      modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const },
    });
  });
  await model.save(handler);
  const [first] = saved;
  if (!first) throw new Error('the model was not saved');
  return first;
}
