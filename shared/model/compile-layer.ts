import type { Activation, CompiledOp } from './compiled-format.ts';
import { foldBatchNorm } from './fold.ts';
import type { LayerView, Numbers } from './layer-view.ts';
import { activationOf } from './zoo/activations.ts';

/** A network has a layer that the compiled form has no operation for. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
  constructor(layer: string, detail: string) {
    super(`layer "${layer}" can't be compiled: ${detail}`);
  }
}

interface KernelAndBias {
  readonly kernel: Numbers;
  readonly bias: Numbers;
}

/** An operation with weights, which still holds its numbers: batch-norm and activation may melt into it. */
interface LinearOp {
  readonly kind: 'conv' | 'depthwise' | 'dense';
  readonly layer: string;
  readonly input: number;
  /** Kernel, whose last edge is the output channels (depthwise: the one before), and bias. */
  weights: KernelAndBias;
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid';
  activation: Activation;
  /** How many layers read the result: only a sole reader may melt into it. */
  readers: number;
}

/** An operation without weights is in its final form at once. */
export type DraftOp = LinearOp | { readonly kind: 'plain'; readonly op: CompiledOp };

/** A compiled network in the making. */
export interface Draft {
  readonly ops: DraftOp[];
  /** Layer → node of its result. */
  readonly nodes: Map<string, number>;
  /** Nodes that are [n, c]; a layer that sees [n, 1, 1, c] in one gets the same numbers. */
  readonly vectors: Set<number>;
}

/**
 * Adds a layer's operation, or melts it into the one before.
 * @returns the node of its result
 * @throws CompileError for a layer without an operation of ours
 */
export function addLayer(draft: Draft, layer: LayerView): number {
  const inputs = layer.inputs.map((name) => draft.nodes.get(name) ?? 0);
  const [first = 0] = inputs;
  switch (layer.className) {
    case 'InputLayer':
      return 0;
    case 'Dropout':
      return passOn(draft, layer, first);
    case 'Conv2D':
    case 'DepthwiseConv2D':
      return addConvolution(draft, layer, first);
    case 'Dense':
      return addLinear(draft, { ...linear(layer, 'dense', first), activation: 'linear' });
    case 'BatchNormalization':
      return meltBatchNorm(draft, layer, first);
    case 'Add':
      return addSum(draft, layer, inputs);
    case 'Multiply':
      return addScale(draft, layer, inputs);
    case 'Concatenate':
      return addConcat(draft, layer, inputs);
    case 'MaxPooling2D':
    case 'AveragePooling2D':
      return addPool(draft, layer, first);
    case 'ZeroPadding2D':
      return addPadding(draft, layer, first);
    case 'GlobalAveragePooling2D':
      return addVector(draft, { op: 'mean', input: first });
    case 'Reshape':
    case 'Flatten':
      if (!draft.vectors.has(first)) throw new CompileError(layer.name, 'it reshapes what is no vector');
      return passOn(draft, layer, first);
    default:
      return addActivation(draft, layer, first);
  }
}

function addPlain(draft: Draft, op: CompiledOp): number {
  return draft.ops.push({ kind: 'plain', op });
}

function addVector(draft: Draft, op: CompiledOp): number {
  const node = addPlain(draft, op);
  draft.vectors.add(node);
  return node;
}

function addLinear(draft: Draft, op: LinearOp): number {
  const node = draft.ops.push(op);
  if (op.kind === 'dense') draft.vectors.add(node);
  return node;
}

/** A layer that changes no number: its readers become those of the operation before. */
function passOn(draft: Draft, layer: LayerView, node: number): number {
  const op = draft.ops[node - 1];
  if (op && op.kind !== 'plain') op.readers = op.readers === 1 ? layer.readers : op.readers;
  return node;
}

function addConvolution(draft: Draft, layer: LayerView, input: number): number {
  const { strides, padding, dilationRate, activation } = layer.config;
  if (Array.isArray(dilationRate) && dilationRate.some((d) => d !== 1)) {
    throw new CompileError(layer.name, 'unknown dilation');
  }
  const known = activationOf('Activation', { activation });
  if (known === null) throw new CompileError(layer.name, `unknown activation ${String(activation)}`);
  if (draft.vectors.has(input)) return addLinear(draft, { ...pointwise(layer, input), activation: known });
  const kind = layer.className === 'Conv2D' ? 'conv' : 'depthwise';
  return addLinear(draft, {
    ...linear(layer, kind, input),
    strides: pair(layer, strides),
    pad: padOf(layer, padding),
    activation: known,
  });
}

/** A 1 × 1 convolution of a vector is a dense layer. */
function pointwise(layer: LayerView, input: number): LinearOp {
  const op = linear(layer, 'dense', input);
  const [height, width, from = 0, to = 0] = op.weights.kernel.shape;
  if (layer.className !== 'Conv2D' || height !== 1 || width !== 1) {
    throw new CompileError(layer.name, 'it convolves a vector with more than one value');
  }
  return { ...op, weights: { ...op.weights, kernel: { ...op.weights.kernel, shape: [from, to] } } };
}

function linear(layer: LayerView, kind: LinearOp['kind'], input: number): LinearOp {
  const [kernel, bias] = layer.weights;
  if (!kernel) throw new CompileError(layer.name, 'has no kernel');
  const outputs = kernel.shape.at(kind === 'depthwise' ? -2 : -1) ?? 0;
  return {
    kind,
    layer: layer.name,
    input,
    weights: { kernel, bias: bias ?? { shape: [outputs], data: new Float32Array(outputs) } },
    strides: [1, 1],
    pad: 'valid',
    activation: 'linear',
    readers: layer.readers,
  };
}

function meltBatchNorm(draft: Draft, layer: LayerView, node: number): number {
  const op = soleReader(draft, node);
  if (!op || op.kind === 'dense') {
    throw new CompileError(layer.name, 'it does not directly follow a linear convolution of its own');
  }
  op.weights = foldBatchNorm(layer, op.weights);
  op.readers = layer.readers;
  return node;
}

function addActivation(draft: Draft, layer: LayerView, node: number): number {
  const activation = activationOf(layer.className, layer.config);
  if (activation === null) throw new CompileError(layer.name, `no operation for ${layer.className}`);
  const op = soleReader(draft, node);
  if (op) {
    op.activation = activation;
    op.readers = layer.readers;
    return node;
  }
  const add = draft.vectors.has(node) ? addVector : addPlain;
  return add(draft, { op: 'activate', input: node, activation });
}

/** The operation a layer can melt into: linear so far, and read by nobody else. */
function soleReader(draft: Draft, node: number): LinearOp | null {
  const op = draft.ops[node - 1];
  return op && op.kind !== 'plain' && op.readers === 1 && op.activation === 'linear' ? op : null;
}

function addSum(draft: Draft, layer: LayerView, inputs: readonly number[]): number {
  const [left = 0, right = 0] = inputs;
  if (inputs.length !== 2) throw new CompileError(layer.name, 'adds more than two results');
  return addPlain(draft, { op: 'add', left, right });
}

function addScale(draft: Draft, layer: LayerView, inputs: readonly number[]): number {
  const images = inputs.filter((node) => !draft.vectors.has(node));
  const vectors = inputs.filter((node) => draft.vectors.has(node));
  const [[input, second], [factors, more]] = [images, vectors];
  if (input === undefined || factors === undefined || second !== undefined || more !== undefined) {
    throw new CompileError(layer.name, 'only an image times one factor a channel is known');
  }
  return addPlain(draft, { op: 'scale', input, factors });
}

function addConcat(draft: Draft, layer: LayerView, inputs: readonly number[]): number {
  const { axis } = layer.config;
  if ((axis !== -1 && axis !== 3) || inputs.some((node) => draft.vectors.has(node))) {
    throw new CompileError(layer.name, 'only the channels of images can be joined');
  }
  return addPlain(draft, { op: 'concat', inputs: [...inputs] });
}

function addPool(draft: Draft, layer: LayerView, input: number): number {
  const { poolSize, strides, padding } = layer.config;
  return addPlain(draft, {
    op: layer.className === 'MaxPooling2D' ? 'max-pool' : 'average-pool',
    input,
    window: pair(layer, poolSize),
    strides: pair(layer, strides),
    pad: padOf(layer, padding),
  });
}

function addPadding(draft: Draft, layer: LayerView, input: number): number {
  const { padding } = layer.config;
  const [rows, columns] = Array.isArray(padding) ? (padding as unknown[]) : [];
  const [[top, bottom], [left, right]] = [pair(layer, rows), pair(layer, columns)];
  return addPlain(draft, { op: 'pad', input, top, bottom, left, right });
}

function pair(layer: LayerView, value: unknown): [number, number] {
  const [first, second] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof first !== 'number' || typeof second !== 'number') {
    throw new CompileError(layer.name, `${JSON.stringify(value)} where two numbers are expected`);
  }
  return [first, second];
}

function padOf(layer: LayerView, padding: unknown): 'same' | 'valid' {
  if (padding !== 'same' && padding !== 'valid') throw new CompileError(layer.name, 'unknown padding');
  return padding;
}
