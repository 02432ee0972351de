import { type CompiledFile, lastReaders, LIMITS, readsOf } from './compiled-format.ts';
import { NetworkError } from './network-error.ts';
import { type Shape, shapeOf } from './op-shapes.ts';

/**
 * Follows the shapes through a compiled network, so that a damaged or hostile file can neither read outside its
 * weights, nor loop, nor ask for absurd amounts of memory.
 * @param byteLength length of the weights file that was really there
 * @returns the length of the feature vector
 * @throws NetworkError naming the first operation or tensor that is wrong
 */
export function checkGraph(file: CompiledFile, byteLength: number): { readonly features: number } {
  checkTensors(file, byteLength);
  const { size } = file.preprocessing;
  const shapes: Shape[] = [[size, size, 3]];
  file.ops.forEach((op, i) => {
    const shape = shapeOf(op, { where: `operation ${i + 1} (${op.op})`, shapes, tensors: file.tensors });
    if (count(shape) > LIMITS.elements) throw new NetworkError(`operation ${i + 1} asks for too much memory`);
    shapes.push(shape);
  });
  checkMemory(file, shapes);
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

function checkTensors(file: CompiledFile, byteLength: number): void {
  if (byteLength !== file.bytes) {
    throw new NetworkError(`the weights file has ${byteLength} bytes, expected ${file.bytes}`);
  }
  for (const tensor of file.tensors) {
    if (tensor.offset + 4 * count(tensor.shape) > file.bytes) {
      throw new NetworkError(`tensor "${tensor.name}" reaches beyond the end of the weights file`);
    }
  }
}

/** Adds up what is held at the same time: a result is freed after its last reader, as in `network.ts`. */
function checkMemory({ ops }: CompiledFile, shapes: readonly Shape[]): void {
  const last = lastReaders(ops);
  let live = count(shapes[0] ?? []);
  ops.forEach((op, i) => {
    live += count(shapes[i + 1] ?? []);
    if (live > LIMITS.live)
      throw new NetworkError(`operation ${i + 1} needs too much memory beside the others`);
    for (const node of new Set(readsOf(op))) {
      if (node > 0 && last.get(node) === i) live -= count(shapes[node] ?? []);
    }
  });
}

function count(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
