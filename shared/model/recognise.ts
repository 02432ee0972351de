import { makeDivisible } from './zoo/parts.ts';
import { ZOO } from './zoo/table.ts';
import type { BackboneSpec } from './zoo.ts';
import { WeightsError } from './weights-error.ts';
import type { ForeignModel } from './weights.ts';

/** The kernel that tells an architecture and its width: its output channels are unique to each width. */
type Known = 'mobilenet-v1' | 'mobilenet-v2';
const TELL_TALES: Readonly<
  Record<Known, { readonly kernel: string; readonly channels: (w: number) => number }>
> = {
  'mobilenet-v1': { kernel: 'conv_pw_13/kernel', channels: (w) => Math.floor(1024 * w) },
  'mobilenet-v2': { kernel: 'block_16_project/kernel', channels: (w) => makeDivisible(320 * w) },
};

/**
 * Says which network of the zoo a foreign model is: architecture, width, input size, batch-norm there or folded.
 * @throws WeightsError where it is none, or a batch-norm layer has another epsilon than ours
 */
export function recognise(model: ForeignModel): BackboneSpec {
  const names = Object.keys(TELL_TALES) as Known[];
  const name = names.find((n) => model.weights.has(TELL_TALES[n].kernel));
  if (!name) {
    const known = names.map((n) => ZOO[n].title).join(', ');
    throw new WeightsError(
      'model.json',
      `none of the networks in the zoo (${known}) with Keras's layer names`,
    );
  }
  const expected = ZOO[name].batchNorm.epsilon;
  const norms = model.layers.filter((l) => l.className.startsWith('BatchNormalization'));
  for (const layer of norms) {
    const epsilon = layer.config.epsilon ?? expected;
    if (typeof epsilon !== 'number' || Math.abs(epsilon - expected) > 1e-9) {
      throw new WeightsError(layer.name, `epsilon ${JSON.stringify(epsilon)}, expected ${expected}`);
    }
  }
  return { name, width: widthOf(name, model), size: sizeOf(model), batchNorm: norms.length > 0 };
}

function widthOf(name: Known, model: ForeignModel): number {
  const { kernel, channels } = TELL_TALES[name];
  const shape = model.weights.get(kernel)?.shape ?? [];
  const width = ZOO[name].widths.find((w) => channels(w) === shape.at(-1));
  if (width !== undefined) return width;
  const expected = ZOO[name].widths.map((w) => `${channels(w)} (width ${w})`).join(', ');
  throw new WeightsError(
    kernel,
    `shape [${shape.join(', ')}], expected its last edge to be one of ${expected}`,
  );
}

function sizeOf(model: ForeignModel): number {
  const start = model.layers.find((l) => l.className === 'InputLayer');
  const shape = start?.config.batch_input_shape ?? start?.config.batch_shape;
  const edges: unknown[] = Array.isArray(shape) ? shape.slice(1, 3) : [];
  const [height, width] = edges;
  if (height === null && width === null) return DEFAULT_SIZE;
  if (typeof height === 'number' && height === width && height >= 32 && height <= 1024) return height;
  throw new WeightsError(
    start?.name ?? 'model.json',
    `input [${String(shape)}], expected a square one of 32 … 1024`,
  );
}

/** Both MobileNets were trained at this size where the topology leaves it open. */
const DEFAULT_SIZE = 224;
