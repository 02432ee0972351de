import type { LayerView, Numbers } from './layer-view.ts';

/**
 * Batch-norm with fixed statistics is linear, so it melts into the convolution before it:
 * γ (w·x + b − μ) / √(σ² + ε) + β = (s·w)·x + (b − μ)·s + β, with s = γ / √(σ² + ε). In double precision.
 * @param norm layer with weights [γ] [β] μ σ², the first two only as its config says
 * @param kernel [h, w, in, channels], or [h, w, channels, 1] of a depthwise convolution: channels lie innermost in both
 */
export function foldBatchNorm(
  norm: LayerView,
  { kernel, bias }: { readonly kernel: Numbers; readonly bias: Numbers },
): { kernel: Numbers; bias: Numbers } {
  const rest = [...norm.weights];
  const gamma = norm.config.scale === false ? undefined : rest.shift();
  const beta = norm.config.center === false ? undefined : rest.shift();
  const [mean, variance] = rest;
  const epsilon = Number(norm.config.epsilon);
  const channels = bias.data.length;
  const scale = Float64Array.from(
    { length: channels },
    (_, c) => (gamma?.data[c] ?? 1) / Math.sqrt((variance?.data[c] ?? 1) + epsilon),
  );
  return {
    kernel: { shape: kernel.shape, data: scaled(kernel.data, scale) },
    bias: {
      shape: bias.shape,
      data: bias.data.map((b, c) => (b - (mean?.data[c] ?? 0)) * (scale[c] ?? 1) + (beta?.data[c] ?? 0)),
    },
  };
}

/** Each number times its channel's factor. A loop, since there are millions. */
function scaled(numbers: Float32Array, factors: Float64Array): Float32Array {
  const out = new Float32Array(numbers.length);
  for (let row = 0; row < numbers.length; row += factors.length) {
    for (let c = 0; c < factors.length; c += 1) out[row + c] = (numbers[row + c] ?? 0) * (factors[c] ?? 1);
  }
  return out;
}
