import type { LayersModel } from '@tensorflow/tfjs-layers';

import type { Preprocessing } from '../schema/model.ts';
import { checkGraph } from './check-graph.ts';
import { type CompiledFile, type CompiledOp, compiledRecord } from './compiled-format.ts';
import { foldBatchNorm } from './fold.ts';
import { type LayerView, type Numbers, viewLayers } from './layer-view.ts';

/** A network has a layer that the compiled form has no operation for. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
  constructor(layer: string, detail: string) {
    super(`layer "${layer}" can't be compiled: ${detail}`);
  }
}

/** The form that guests download. */
export interface CompiledNetwork {
  /** `model.json` */
  readonly file: CompiledFile;
  /** Its weights: little-endian float32. */
  readonly weights: Uint8Array<ArrayBuffer>;
}

/**
 * Compiles a trained classifier: batch-norm folded into the convolutions, bias and activation fused with them,
 * layers that only matter in training left out. The model stays as it is.
 * @param classifier [n, size, size, 3] → softmax [n, classes]
 * @throws CompileError naming the layer it has no operation for
 */
export async function compileNetwork(
  classifier: LayersModel,
  preprocessing: Preprocessing,
): Promise<CompiledNetwork> {
  const draft: Draft = { ops: [], nodes: new Map() };
  const layers = await viewLayers(classifier);
  layers.forEach((layer, i) => {
    draft.nodes.set(layer.name, addLayer(draft, layer, i === layers.length - 1));
  });
  return pack(draft, preprocessing);
}

/** An operation that still holds its numbers instead of pointers into a file. */
interface DraftOp {
  readonly layer: string;
  readonly kind: CompiledOp['op'];
  readonly inputs: readonly number[];
  /** Kernel, whose last edge is the output channels (depthwise: the one before), and bias. */
  weights?: { kernel: Numbers; bias: Numbers };
  readonly conv?: { readonly strides: [number, number]; readonly pad: 'same' | 'valid' };
  activation: 'linear' | 'relu' | 'relu6';
  /** How many layers read the result: only a sole reader may be fused. */
  readonly readers: number;
}

interface Draft {
  readonly ops: DraftOp[];
  /** Layer → node of its result. */
  readonly nodes: Map<string, number>;
}

/** Adds a layer's operation, or melts it into the one before. @returns the node of its result */
function addLayer(draft: Draft, layer: LayerView, last: boolean): number {
  const inputs = layer.inputs.map((name) => draft.nodes.get(name) ?? 0);
  const push = (op: Omit<DraftOp, 'layer' | 'inputs' | 'readers'>): number =>
    draft.ops.push({ layer: layer.name, inputs, readers: layer.readers, ...op });
  if (last && layer.className !== 'Dense')
    throw new CompileError(layer.name, 'a classifier ends in a dense layer');
  switch (layer.className) {
    case 'InputLayer':
      return 0;
    case 'Dropout':
      return inputs[0] ?? 0;
    case 'Conv2D':
    case 'DepthwiseConv2D':
      return push(convolution(layer));
    case 'BatchNormalization': {
      const { op, weights } = soleReader(draft, layer, inputs[0]);
      op.weights = foldBatchNorm(layer, weights, op.kind === 'depthwise');
      return inputs[0] ?? 0;
    }
    case 'ReLU':
      soleReader(draft, layer, inputs[0]).op.activation = reluOf(layer);
      return inputs[0] ?? 0;
    case 'Add':
      if (inputs.length !== 2) throw new CompileError(layer.name, 'adds more than two results');
      return push({ kind: 'add', activation: 'linear' });
    case 'GlobalAveragePooling2D':
      return push({ kind: 'mean', activation: 'linear' });
    case 'Dense':
      if (layer.config.activation !== 'softmax' || !last) {
        throw new CompileError(layer.name, 'only a last dense layer with softmax is known');
      }
      return push({ kind: 'dense', weights: kernelAndBias(layer), activation: 'linear' });
    default:
      throw new CompileError(layer.name, `no operation for ${layer.className}`);
  }
}

function convolution(layer: LayerView): Omit<DraftOp, 'layer' | 'inputs' | 'readers'> {
  const { strides, padding, dilationRate, activation } = layer.config;
  const [down, right] = Array.isArray(strides) ? (strides as unknown[]) : [];
  const dilated = Array.isArray(dilationRate) && dilationRate.some((d) => d !== 1);
  if (typeof down !== 'number' || typeof right !== 'number' || dilated) {
    throw new CompileError(layer.name, 'unknown strides or dilation');
  }
  if (padding !== 'same' && padding !== 'valid') throw new CompileError(layer.name, 'unknown padding');
  if (activation !== 'linear' && activation !== 'relu') {
    throw new CompileError(layer.name, `unknown activation ${String(activation)}`);
  }
  const kind = layer.className === 'Conv2D' ? 'conv' : 'depthwise';
  return { kind, weights: kernelAndBias(layer), conv: { strides: [down, right], pad: padding }, activation };
}

function kernelAndBias(layer: LayerView): { kernel: Numbers; bias: Numbers } {
  const [kernel, bias] = layer.weights;
  if (!kernel) throw new CompileError(layer.name, 'has no kernel');
  const outputs = kernel.shape.at(layer.className === 'DepthwiseConv2D' ? -2 : -1) ?? 0;
  return { kernel, bias: bias ?? { shape: [outputs], data: new Float32Array(outputs) } };
}

function reluOf(layer: LayerView): 'relu' | 'relu6' {
  const { maxValue, negativeSlope, threshold } = layer.config;
  const plain = !negativeSlope && !threshold;
  if (plain && maxValue === 6) return 'relu6';
  if (plain && (maxValue === undefined || maxValue === null)) return 'relu';
  throw new CompileError(layer.name, 'only relu and relu6 are known');
}

/** The convolution a layer melts into: linear so far, and read by nobody else. */
function soleReader(
  draft: Draft,
  layer: LayerView,
  node: number | undefined,
): { op: DraftOp; weights: { kernel: Numbers; bias: Numbers } } {
  const op = draft.ops[(node ?? 0) - 1];
  if (!op?.conv || !op.weights || op.readers !== 1 || op.activation !== 'linear') {
    throw new CompileError(layer.name, 'it does not directly follow a linear convolution of its own');
  }
  return { op, weights: op.weights };
}

/** Lays the numbers out in one file. */
function pack(draft: Draft, preprocessing: Preprocessing): CompiledNetwork {
  const tensors: CompiledFile['tensors'] = [];
  const blocks: Float32Array[] = [];
  let bytes = 0;
  const store = (name: string, { shape, data }: Numbers): number => {
    tensors.push({ name, shape: [...shape], dtype: 'float32', offset: bytes });
    blocks.push(data);
    bytes += data.byteLength;
    return tensors.length - 1;
  };
  const ops = draft.ops.map((op) => emit(op, store));
  const head = draft.ops.at(-1);
  const weights = new Uint8Array(bytes);
  tensors.forEach(({ offset }, i) => {
    const block = blocks[i];
    if (block) weights.set(new Uint8Array(block.buffer, block.byteOffset, block.byteLength), offset);
  });
  const classes = head?.weights?.bias.data.length ?? 0;
  const features = head?.inputs[0] ?? 0;
  const file = compiledRecord.read(
    { v: 1, preprocessing, classes, features, bytes, tensors, ops },
    'model.json',
  );
  checkGraph(file, bytes);
  return { file, weights };
}

function emit(op: DraftOp, store: (name: string, numbers: Numbers) => number): CompiledOp {
  const [first = 0, second = 0] = op.inputs;
  if (op.kind === 'add') return { op: 'add', left: first, right: second };
  if (op.kind === 'mean' || !op.weights) return { op: 'mean', input: first };
  const kernel = store(`${op.layer}/kernel`, op.weights.kernel);
  const bias = store(`${op.layer}/bias`, op.weights.bias);
  if (op.kind === 'dense' || !op.conv) return { op: 'dense', input: first, kernel, bias };
  const { strides, pad } = op.conv;
  return { op: op.kind, input: first, filter: kernel, bias, strides, pad, activation: op.activation };
}
