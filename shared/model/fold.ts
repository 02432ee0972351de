import type { LayerView, Numbers } from './layer-view.ts';

/**
 * Batch-norm with fixed statistics is linear, so it melts into the convolution before it:
 * γ (w·x + b − μ) / √(σ² + ε) + β = (s·w)·x + (b − μ)·s + β, with s = γ / √(σ² + ε). In double precision.
 * @param norm layer with weights [γ] [β] μ σ², the first two only as its config says
 * @param depthwise kernel [h, w, channels, 1] in place of [h, w, in, channels]
 */
export function foldBatchNorm(
  norm: LayerView,
  { kernel, bias }: { readonly kernel: Numbers; readonly bias: Numbers },
  depthwise: boolean,
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
  const last = kernel.shape.at(-1) ?? 1;
  const channelOf = depthwise
    ? (i: number): number => Math.floor(i / last) % channels
    : (i: number): number => i % last;
  return {
    kernel: { shape: kernel.shape, data: kernel.data.map((w, i) => w * (scale[channelOf(i)] ?? 1)) },
    bias: {
      shape: bias.shape,
      data: bias.data.map((b, c) => (b - (mean?.data[c] ?? 0)) * (scale[c] ?? 1) + (beta?.data[c] ?? 0)),
    },
  };
}
