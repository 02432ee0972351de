/**
 * Means of each feature over the training rows. The head learns on features around their mean: it gets there in
 * fewer steps. Their spread is left as it is: scaling it to 1 lost 0.6 points of accuracy and blew up features that
 * hardly ever fire, which made the model sure of pictures that are no animals (docs/benchmarks.md).
 * @param features [rows, dims] row by row
 */
export function meansOf(features: Float32Array, dims: number): Float64Array {
  const rows = features.length / dims;
  const means = new Float64Array(dims);
  features.forEach((x, i) => {
    means[i % dims] = (means[i % dims] ?? 0) + x / rows;
  });
  return means;
}

/** Features minus their means, as a new array. */
export function centre(features: Float32Array, means: Float64Array): Float32Array {
  const dims = means.length;
  return features.map((x, i) => x - (means[i % dims] ?? 0));
}

/** The bias that gives features as they are the logits that centred features had with `bias`. */
export function uncentre(kernel: Float32Array, bias: Float32Array, means: Float64Array): Float32Array {
  const classes = bias.length;
  const shifted = Float64Array.from(bias);
  kernel.forEach((w, i) => {
    const c = i % classes;
    shifted[c] = (shifted[c] ?? 0) - w * (means[Math.floor(i / classes)] ?? 0);
  });
  return Float32Array.from(shifted);
}
