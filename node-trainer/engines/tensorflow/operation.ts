import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** The part of the native engine that runs any operation of TensorFlow by its name. */
export interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: Readonly<
    Record<'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_BOOL' | 'TF_FLOAT', number>
  > & {
    readonly TF_Version: string;
  };
  readonly executeMultipleOutputs: (
    name: string,
    attributes: readonly NativeAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ) => tf.Tensor[];
}

interface NativeAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

/** One operation of TensorFlow on float32 tensors. */
export interface Operation {
  readonly name: string;
  /** Names of the attributes that stand for the type of the tensors. */
  readonly types: readonly string[];
  readonly floats?: Readonly<Record<string, number>>;
  readonly flags?: Readonly<Record<string, boolean>>;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: number;
}

/** Runs an operation of TensorFlow. Its caller owns every output. */
export function perform(backend: NativeBackend, operation: Operation): tf.Tensor[] {
  const { TF_ATTR_TYPE, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_FLOAT } = backend.binding;
  const attributes = [
    ...operation.types.map((name) => ({ name, type: TF_ATTR_TYPE, value: TF_FLOAT })),
    ...Object.entries(operation.floats ?? {}).map(([name, value]) => ({ name, type: TF_ATTR_FLOAT, value })),
    ...Object.entries(operation.flags ?? {}).map(([name, value]) => ({ name, type: TF_ATTR_BOOL, value })),
  ];
  return backend.executeMultipleOutputs(operation.name, attributes, operation.inputs, operation.outputs);
}

/** Name in the kernel registry, and the work on the native engine. */
export type NativeKernel = readonly [
  name: string,
  work: (
    backend: NativeBackend,
    inputs: Readonly<Record<string, TensorInfo>>,
    attrs: Readonly<Record<string, unknown>>,
  ) => tf.Tensor[],
];
