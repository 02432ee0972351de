import type { LayersModel } from '@tensorflow/tfjs-layers';

import type { Preprocessing } from '../schema/model.ts';
import { checkGraph } from './check-graph.ts';
import { addLayer, CompileError, type Draft, type DraftOp } from './compile-layer.ts';
import { type CompiledFile, type CompiledOp, compiledRecord } from './compiled-format.ts';
import { type LayerView, type Numbers, viewLayers } from './layer-view.ts';

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
  const draft: Draft = { ops: [], nodes: new Map(), vectors: new Set() };
  const layers = await viewLayers(classifier);
  layers.forEach((layer, i) => {
    checkEnd(layer, i === layers.length - 1);
    draft.nodes.set(layer.name, addLayer(draft, layer));
  });
  return pack(draft, preprocessing);
}

/** The softmax of the only dense layer is taken by whoever runs the network. */
function checkEnd({ name, className, config }: LayerView, last: boolean): void {
  if (last && className !== 'Dense') throw new CompileError(name, 'a classifier ends in a dense layer');
  if (className === 'Dense' && (!last || config.activation !== 'softmax')) {
    throw new CompileError(name, 'only a last dense layer with softmax is known');
  }
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
  const weights = new Uint8Array(bytes);
  tensors.forEach(({ offset }, i) => {
    const block = blocks[i];
    if (block) weights.set(new Uint8Array(block.buffer, block.byteOffset, block.byteLength), offset);
  });
  const { classes, features } = endsOf(draft);
  const file = compiledRecord.read(
    { v: compiledRecord.version, preprocessing, classes, features, bytes, tensors, ops },
    'model.json',
  );
  checkGraph(file, bytes);
  return { file, weights };
}

/** The classifier is the last operation; what it reads are the features. */
function endsOf(draft: Draft): { classes: number; features: number } {
  const head = draft.ops.at(-1);
  if (head?.kind !== 'dense') return { classes: 0, features: 0 };
  return { classes: head.weights.bias.data.length, features: head.input };
}

function emit(op: DraftOp, store: (name: string, numbers: Numbers) => number): CompiledOp {
  if (op.kind === 'plain') return op.op;
  const { input, activation, strides, pad } = op;
  const kernel = store(`${op.layer}/kernel`, op.weights.kernel);
  const bias = store(`${op.layer}/bias`, op.weights.bias);
  if (op.kind === 'dense') return { op: 'dense', input, kernel, bias, activation };
  return { op: op.kind, input, filter: kernel, bias, strides, pad, activation };
}
