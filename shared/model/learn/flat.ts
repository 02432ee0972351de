import {
  concat,
  reshape,
  split,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';

/**
 * Many variables seen as one vector. Updating a vector takes a dozen operations however many layers there are, and the
 * price of a small operation is its overhead.
 */

/** All values behind one another. The caller disposes it. */
export function join(tensors: readonly Tensor[]): Tensor1D {
  return tidy(() => {
    const flat = tensors.map((t) => (t.rank === 1 ? t : reshape(t, [t.size])) as Tensor1D);
    const [first] = flat;
    return flat.length === 1 && first ? first.clone() : concat(flat);
  });
}

/** Gives the variables the values of a vector, in their order. */
export function assign(variables: readonly Variable[], vector: Tensor1D): void {
  tidy(() => {
    const sizes = variables.map((v) => v.size);
    const parts = sizes.length === 1 ? [vector] : split(vector, sizes);
    variables.forEach((v, i) => {
      const part = parts[i];
      if (part) v.assign(v.rank === 1 ? part : reshape(part, v.shape));
    });
  });
}

/** The numbers of variables, for keeping. */
export async function readAll(variables: readonly Variable[]): Promise<Float32Array> {
  if (variables.length === 0) return new Float32Array(0);
  const vector = join(variables);
  try {
    return Float32Array.from(await vector.data());
  } finally {
    vector.dispose();
  }
}

/**
 * Gives variables kept numbers back.
 * @throws RangeError where they are not as many as the variables hold
 */
export function writeAll(variables: readonly Variable[], numbers: Float32Array): void {
  const size = variables.reduce((sum, v) => sum + v.size, 0);
  if (size !== numbers.length) throw new RangeError(`${numbers.length} numbers for ${size} weights`);
  if (size === 0) return;
  tidy(() => {
    assign(variables, tensor1d(numbers));
  });
}
