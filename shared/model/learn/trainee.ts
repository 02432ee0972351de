import {
  add,
  dispose,
  matMul,
  reshape,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import type { HeadWeights } from '../classifier.ts';
import type { ParameterGroup } from './optimizer.ts';
import { type Discriminative, EVEN } from './rates.ts';
import { type MetStatistics, type NormLayer, type NormMode, planLayers } from './run-layers.ts';

/** A network that learns: the trainable part of a backbone with a head on it. */
export interface Trainee {
  /** Input of the part → logits [n, classes]. @param features takes part between the two: dropout */
  readonly forward: (input: Tensor, mode: NormMode, between?: Between) => Tensor2D;
  readonly groups: readonly ParameterGroup[];
  /** All that learns, in the order of the groups. */
  readonly variables: readonly Variable[];
  readonly norms: readonly NormLayer[];
  readonly classes: number;
  /** Number of features. */
  readonly dims: number;
  readonly head: () => Promise<HeadWeights>;
  /** Frees the head's variables; the body stays its owner's. */
  readonly dispose: () => void;
}

/** What happens on the way from input to logits in training only. */
export interface Between {
  readonly features?: (features: Tensor2D) => Tensor2D;
  readonly met?: (statistics: MetStatistics) => void;
}

/**
 * Opens the part of a network that is to learn. Its weights are changed in place; everything that is not in `body` or
 * the head is not even known here, so frozen means untouched.
 * @param body [n, …] → [n, features]; null where the features themselves are the input
 */
export function openTrainee(
  body: LayersModel | null,
  head: HeadWeights,
  rates: Discriminative = EVEN,
): Trainee {
  const runner = body && planLayers(body);
  const { dims, classes } = head;
  const [kernel, bias] = tidy(
    () => [variable(tensor2d(head.kernel, [dims, classes])), variable(tensor1d(head.bias))] as const,
  );
  const groups = [...bodyGroups(runner?.layers ?? [], rates), ...byDecay([kernel, bias], 1)];
  return {
    forward: (input, mode, { features, met } = {}) => {
      const out = runner ? runner.run(input, mode, met) : input;
      const flat = (out.rank === 2 ? out : reshape(out, [-1, dims])) as Tensor2D;
      return add(matMul(features ? features(flat) : flat, kernel as Tensor as Tensor2D), bias);
    },
    groups,
    variables: groups.flatMap((g) => g.variables),
    norms: runner?.norms ?? [],
    classes,
    dims,
    head: async () => {
      const [k, b] = await Promise.all([kernel.data(), bias.data()]);
      return { dims, classes, kernel: Float32Array.from(k), bias: Float32Array.from(b) };
    },
    dispose: () => {
      dispose([kernel, bias]);
    },
  };
}

function bodyGroups(
  layers: readonly { readonly variables: readonly Variable[] }[],
  { groups, lowest }: Discriminative,
): ParameterGroup[] {
  const learning = layers.filter((l) => l.variables.length > 0);
  const parts = Math.max(1, groups - 1);
  return Array.from({ length: parts }, (_, i) => {
    const [from, to] = [i, i + 1].map((n) => Math.round((n * learning.length) / parts));
    const variables = learning.slice(from, to).flatMap((l) => l.variables);
    return byDecay(variables, groups === 1 ? 1 : lowest ** ((groups - 1 - i) / (groups - 1)));
  }).flat();
}

/** Kernels decay; biases and what belongs to batch-norm, which are the vectors, do not. */
function byDecay(variables: readonly Variable[], rate: number): ParameterGroup[] {
  return [true, false]
    .map((decay) => ({ variables: variables.filter((v) => v.rank > 1 === decay), rate, decay }))
    .filter((group) => group.variables.length > 0);
}
