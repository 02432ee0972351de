import {
  engine,
  getBackend,
  getKernel,
  type KernelConfig,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorMap,
  registerKernel,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';

/** A kernel made of operations that every engine has; it may leave its intermediates to the caller's tidy. */
export type Composed<Inputs extends NamedTensorMap, Attrs extends NamedAttrMap> = (
  inputs: Inputs,
  attrs: Attrs,
) => Tensor[];

/**
 * Runs one of our own kernels on the current engine: the engine's own version of it where one is registered
 * (`prepareTrainingKernels`), otherwise the composed one.
 * @returns the kernel's outputs; an engine's own version may add further ones behind those of the composed one
 */
export function runKernel<Inputs extends NamedTensorMap, Attrs extends NamedAttrMap>(
  kernelName: string,
  inputs: Inputs,
  attrs: Attrs,
  composed: Composed<Inputs, Attrs>,
): Tensor[] {
  const backendName = getBackend();
  const there = getKernel(kernelName, backendName) as KernelConfig | undefined;
  if (!there) {
    // Inputs come as the tensors themselves. Wrapping their infos again would free the numbers a second time.
    const kernelFunc: KernelFunc = (call) =>
      tidy(() => composed(call.inputs as unknown as Inputs, call.attrs as unknown as Attrs));
    registerKernel({ kernelName, backendName, kernelFunc });
  }
  const outputs: Tensor | Tensor[] = engine().runKernel(kernelName, inputs, attrs);
  return Array.isArray(outputs) ? outputs : [outputs];
}
