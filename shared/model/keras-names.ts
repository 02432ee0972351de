import { WeightsError } from './weights-error.ts';
import type { ForeignModel, NamedWeight } from './weights.ts';

/** Weights by `kerasKey`. */
export type KerasIndex = ReadonlyMap<string, NamedWeight>;

/**
 * One name for a weight whatever version of Keras wrote it: MobileNet V3's `expanded_conv/depthwise/BatchNorm/gamma`
 * became `expanded_conv_depthwise_bn/gamma`, letters became small.
 */
function kerasKey(name: string): string {
  const parts = name.split('/');
  const layer = parts.slice(0, -1).map((part) => (part === 'BatchNorm' ? 'bn' : part));
  return `${layer.join('_')}/${parts.at(-1) ?? ''}`.toLowerCase();
}

/** @throws WeightsError for two weights that are the same one */
export function indexKeras(model: Pick<ForeignModel, 'weights'>): KerasIndex {
  const index = new Map<string, NamedWeight>();
  for (const weight of model.weights.values()) {
    const key = kerasKey(weight.name);
    if (index.has(key)) throw new WeightsError(weight.name, 'is there twice');
    index.set(key, weight);
  }
  return index;
}

/** A weight by the name it has in the zoo. */
export function findKeras(index: KerasIndex, name: string): NamedWeight | undefined {
  const key = kerasKey(name);
  // Keras 3 calls the kernel of a depthwise convolution just that.
  return index.get(key) ?? index.get(key.replace('/depthwise_kernel', '/kernel'));
}
