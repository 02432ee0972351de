import * as tf from '@tensorflow/tfjs-core';

/** Small enough to check by hand: a 3 × 3 picture of 1…9, a 2 × 2 filter of 1…4, then a 2 × 2 product. */
const EXPECTED = [178, 262, 298, 442];

/**
 * Runs a tiny known network on the engine in use and compares the answer, since an engine that starts may still
 * compute nonsense.
 * @returns null when right, otherwise what came out, for people
 */
export async function probe(): Promise<string | null> {
  const result = tf.tidy(() => {
    const picture = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const filter = tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);
    const seen = tf.relu(tf.conv2d(picture, filter, 1, 'valid'));
    return tf.matMul(tf.reshape(seen, [2, 2]), tf.tensor2d([1, 2, 3, 4], [2, 2]));
  });
  const values = [...(await result.data())];
  result.dispose();
  const right = EXPECTED.every((value, i) => Math.abs((values[i] ?? NaN) - value) < 0.01);
  return right ? null : `it computed ${values.join(', ')} instead of ${EXPECTED.join(', ')}`;
}
