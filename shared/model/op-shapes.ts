import type { CompiledOp, ConvOp, DenseOp, PoolOp, TensorSpec } from './compiled-format.ts';
import { NetworkError } from './network-error.ts';

/** Shape of a result without the batch: [h, w, c] or [c]. */
export type Shape = readonly number[];

/** What an operation can see. */
export interface OpContext {
  /** Which operation, for messages. */
  readonly where: string;
  /** Of the results so far: an operation can only see what was computed before it. */
  readonly shapes: readonly Shape[];
  readonly tensors: readonly TensorSpec[];
}

/**
 * The shape of an operation's result.
 * @throws NetworkError where its inputs, weights and settings do not fit together
 */
export function shapeOf(op: CompiledOp, context: OpContext): Shape {
  switch (op.op) {
    case 'conv':
    case 'depthwise':
      return convShape(op, context);
    case 'max-pool':
    case 'average-pool':
      return poolShape(op, context);
    case 'pad': {
      const [height, width, channels] = image(op.input, context);
      return [height + op.top + op.bottom, width + op.left + op.right, channels];
    }
    case 'add': {
      const [left, right] = [input(op.left, context), input(op.right, context)];
      demand(left.join() === right.join(), context, 'adds results of different shapes');
      return left;
    }
    case 'scale': {
      const [shape, factors] = [image(op.input, context), vector(op.factors, context)];
      demand(shape[2] === factors, context, `has ${factors} factors for ${shape[2]} channels`);
      return shape;
    }
    case 'concat':
      return concatShape(op.inputs, context);
    case 'activate':
      return input(op.input, context);
    case 'mean':
      return [image(op.input, context)[2]];
    case 'dense':
      return denseShape(op, context);
  }
}

function convShape(op: ConvOp, context: OpContext): Shape {
  const [height, width, channels] = image(op.input, context);
  const [fh = 0, fw = 0, into, out = 0] = weights(op.filter, 4, context);
  demand(into === channels, context, `has a filter for ${into ?? 0} channels, its input has ${channels}`);
  if (op.op === 'depthwise') demand(out === 1, context, 'has more than one filter a channel');
  const result = op.op === 'depthwise' ? channels : out;
  demand(weights(op.bias, 1, context)[0] === result, context, 'has a bias of another length than its output');
  return [...slide([height, width], [fh, fw], op, context), result];
}

function poolShape(op: PoolOp, context: OpContext): Shape {
  const [height, width, channels] = image(op.input, context);
  return [...slide([height, width], op.window, op, context), channels];
}

/** Height and width of what a sliding window leaves. */
function slide(
  [height, width]: readonly [number, number],
  [down, across]: readonly [number, number],
  { strides, pad }: Pick<PoolOp, 'strides' | 'pad'>,
  context: OpContext,
): [number, number] {
  const edge = (n: number, window: number, stride: number): number =>
    pad === 'same' ? Math.ceil(n / stride) : Math.floor((n - window) / stride) + 1;
  const [h, w] = [edge(height, down, strides[0]), edge(width, across, strides[1])];
  demand(h > 0 && w > 0, context, 'has a filter larger than its input');
  return [h, w];
}

function concatShape(nodes: readonly number[], context: OpContext): Shape {
  const shapes = nodes.map((node) => image(node, context));
  const [height = 0, width = 0] = shapes[0] ?? [];
  demand(
    shapes.every(([h, w]) => h === height && w === width),
    context,
    'joins images of different sizes',
  );
  return [height, width, shapes.reduce((sum, [, , channels]) => sum + channels, 0)];
}

function denseShape(op: DenseOp, context: OpContext): Shape {
  const from = input(op.input, context);
  const [into, out = 0] = weights(op.kernel, 2, context);
  demand(from.length === 1 && from[0] === into, context, 'has a kernel that does not fit its input');
  demand(weights(op.bias, 1, context)[0] === out, context, 'has a bias of another length than its output');
  return [out];
}

function input(node: number, context: OpContext): Shape {
  const shape = context.shapes[node];
  if (!shape) throw new NetworkError(`${context.where} reads node ${node}, which is not computed before it`);
  return shape;
}

function image(node: number, context: OpContext): readonly [number, number, number] {
  const [height, width, channels] = input(node, context);
  if (height === undefined || width === undefined || channels === undefined) {
    throw new NetworkError(`${context.where} reads node ${node}, which is no image`);
  }
  return [height, width, channels];
}

function vector(node: number, context: OpContext): number {
  const [length, more] = input(node, context);
  if (length === undefined || more !== undefined) {
    throw new NetworkError(`${context.where} reads node ${node}, which is no vector`);
  }
  return length;
}

function weights(index: number, rank: number, context: OpContext): Shape {
  const shape = context.tensors[index]?.shape;
  if (shape?.length !== rank)
    throw new NetworkError(`${context.where}: tensor ${index} is missing or of another rank`);
  return shape;
}

function demand(ok: boolean, context: OpContext, complaint: string): void {
  if (!ok) throw new NetworkError(`${context.where} ${complaint}`);
}
