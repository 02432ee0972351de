import {
  type CompiledFile,
  type CompiledOp,
  type ConvOp,
  LIMITS,
  type TensorSpec,
} from './compiled-format.ts';

/** A compiled network contradicts itself. The message names the operation or tensor. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** Shape of a result without the batch: [h, w, c] or [c]. */
type Shape = readonly number[];

/**
 * Follows the shapes through a compiled network, so that a damaged or hostile file can neither read outside its
 * weights, nor loop, nor ask for absurd amounts of memory.
 * @param byteLength length of the weights file that was really there
 * @returns the length of the feature vector
 * @throws NetworkError naming the first operation or tensor that is wrong
 */
export function checkGraph(file: CompiledFile, byteLength: number): { readonly features: number } {
  if (byteLength !== file.bytes) {
    throw new NetworkError(`the weights file has ${byteLength} bytes, expected ${file.bytes}`);
  }
  for (const tensor of file.tensors) {
    if (tensor.offset + 4 * count(tensor.shape) > file.bytes) {
      throw new NetworkError(`tensor "${tensor.name}" reaches beyond the end of the weights file`);
    }
  }
  const { size } = file.preprocessing;
  const shapes: Shape[] = [[size, size, 3]];
  file.ops.forEach((op, i) => {
    const shape = shapeOf(op, { where: `operation ${i + 1} (${op.op})`, shapes, tensors: file.tensors });
    if (count(shape) > LIMITS.elements) throw new NetworkError(`operation ${i + 1} asks for too much memory`);
    shapes.push(shape);
  });
  const output = shapes.at(-1) ?? [];
  if (output.length !== 1 || output[0] !== file.classes) {
    throw new NetworkError(`the last operation gives [${output.join(', ')}], expected [${file.classes}]`);
  }
  const [features, more] = shapes[file.features] ?? [];
  if (features === undefined || more !== undefined) {
    throw new NetworkError(`node ${file.features} is no feature vector`);
  }
  return { features };
}

interface Context {
  readonly where: string;
  /** Of the results so far: an operation can only see what was computed before it. */
  readonly shapes: readonly Shape[];
  readonly tensors: readonly TensorSpec[];
}

function shapeOf(op: CompiledOp, context: Context): Shape {
  switch (op.op) {
    case 'conv':
    case 'depthwise':
      return convShape(op, context);
    case 'add': {
      const [left, right] = [input(op.left, context), input(op.right, context)];
      demand(left.join() === right.join(), context, 'adds results of different shapes');
      return left;
    }
    case 'mean': {
      const [, , channels] = image(op.input, context);
      return [channels];
    }
    case 'dense': {
      const from = input(op.input, context);
      const kernel = weights(op.kernel, 2, context);
      demand(from.length === 1 && from[0] === kernel[0], context, 'has a kernel that does not fit its input');
      demand(
        weights(op.bias, 1, context)[0] === kernel[1],
        context,
        'has a bias of another length than its output',
      );
      return [kernel[1] ?? 0];
    }
  }
}

function convShape(op: ConvOp, context: Context): Shape {
  const [height, width, channels] = image(op.input, context);
  const [fh = 0, fw = 0, into, out = 0] = weights(op.filter, 4, context);
  demand(into === channels, context, `has a filter for ${into ?? 0} channels, its input has ${channels}`);
  if (op.op === 'depthwise') demand(out === 1, context, 'has more than one filter a channel');
  const result = op.op === 'depthwise' ? channels : out;
  demand(weights(op.bias, 1, context)[0] === result, context, 'has a bias of another length than its output');
  const edge = (n: number, f: number, s: number): number =>
    op.pad === 'same' ? Math.ceil(n / s) : Math.floor((n - f) / s) + 1;
  const shape = [edge(height, fh, op.strides[0]), edge(width, fw, op.strides[1]), result];
  demand(
    shape.every((n) => n > 0),
    context,
    'has a filter larger than its input',
  );
  return shape;
}

function input(node: number, context: Context): Shape {
  const shape = context.shapes[node];
  if (!shape) throw new NetworkError(`${context.where} reads node ${node}, which is not computed before it`);
  return shape;
}

function image(node: number, context: Context): readonly [number, number, number] {
  const [height, width, channels] = input(node, context);
  if (height === undefined || width === undefined || channels === undefined) {
    throw new NetworkError(`${context.where} reads node ${node}, which is no image`);
  }
  return [height, width, channels];
}

function weights(index: number, rank: number, context: Context): Shape {
  const shape = context.tensors[index]?.shape;
  if (shape?.length !== rank)
    throw new NetworkError(`${context.where}: tensor ${index} is missing or of another rank`);
  return shape;
}

function demand(ok: boolean, context: Context, complaint: string): void {
  if (!ok) throw new NetworkError(`${context.where} ${complaint}`);
}

function count(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
