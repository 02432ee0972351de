import {
  add,
  div,
  dispose,
  keep,
  mul,
  scalar,
  sqrt,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tidy,
  type Variable,
  zeros,
} from '@tensorflow/tfjs-core';

import { assign, join } from './flat.ts';

/** Weights that learn at one rate. */
export interface ParameterGroup {
  readonly variables: readonly Variable[];
  /** Factor on the learning rate: discriminative rates. */
  readonly rate: number;
  /** Whether weight decay pulls at them: not at biases nor at what belongs to batch-norm. */
  readonly decay: boolean;
}

/** AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101) or SGD with momentum, both with decoupled weight decay. */
export interface OptimizerOptions {
  readonly kind: 'adamw' | 'sgd';
  /** Pull towards 0: weight −= rate · weightDecay · weight. */
  readonly weightDecay: number;
}

/** Everything an optimiser remembers: with it, the next step is exactly the one that would have come. */
export interface OptimizerState {
  /** What remains of the start in the running means: bias correction divides by 1 − this. */
  readonly remains: readonly [mean: number, square: number];
  /** For each group the running mean of gradients, then (AdamW) of their squares. */
  readonly vectors: readonly Float32Array[];
}

export interface Optimizer {
  /** Takes one step. @param momentum null: 0.9 */
  readonly step: (
    gradientOf: (v: Variable) => Tensor,
    pace: { rate: number; momentum: number | null },
  ) => void;
  readonly state: () => Promise<OptimizerState>;
  readonly dispose: () => void;
}

const [MOMENTUM, SQUARES, EPSILON] = [0.9, 0.999, 1e-7];

/**
 * Starts an optimiser on weights as they are now; nobody else may write to them while it is in use. All weights of a
 * group are updated as one vector.
 * @throws RangeError for a state that does not fit the groups
 */
export function createOptimizer(
  groups: readonly ParameterGroup[],
  options: OptimizerOptions,
  state?: OptimizerState,
): Optimizer {
  const perGroup = options.kind === 'adamw' ? 2 : 1;
  const memories = groups.map((group, i) => {
    const size = group.variables.reduce((sum, v) => sum + v.size, 0);
    const moments = Array.from({ length: perGroup }, (_, k) =>
      momentOf(state?.vectors[i * perGroup + k], size, state !== undefined),
    );
    return { group, weights: join(group.variables), moments };
  });
  let remains = state?.remains ?? [1, 1];
  return {
    step: (gradientOf, { rate, momentum }) => {
      const beta = momentum ?? MOMENTUM;
      remains = [remains[0] * beta, remains[1] * SQUARES];
      for (const memory of memories) {
        const own = rate * memory.group.rate;
        const shrink = memory.group.decay ? 1 - own * options.weightDecay : 1;
        const update = { rate: own, beta, shrink, remains };
        renew(memory, gradientOf, (w, g, m) => (options.kind === 'adamw' ? adam : sgd)(w, g, m, update));
      }
    },
    state: async () => ({
      remains,
      vectors: await Promise.all(
        memories.flatMap(({ moments }) => moments.map(async (m) => Float32Array.from(await m.data()))),
      ),
    }),
    dispose: () => {
      for (const { weights, moments } of memories) dispose([weights, ...moments]);
    },
  };
}

interface Memory {
  readonly group: ParameterGroup;
  weights: Tensor1D;
  moments: Tensor1D[];
}

interface Update {
  readonly rate: number;
  readonly beta: number;
  readonly shrink: number;
  readonly remains: OptimizerState['remains'];
}

type Rule = (
  w: Tensor1D,
  g: Tensor1D,
  moments: readonly Tensor1D[],
) => [weights: Tensor1D, ...moments: Tensor1D[]];

/** Replaces the vectors of a group by those that a rule makes of them. */
function renew(memory: Memory, gradientOf: (v: Variable) => Tensor, rule: Rule): void {
  const { group, weights, moments } = memory;
  const [next, ...kept] = tidy(() => rule(weights, join(group.variables.map(gradientOf)), moments).map(keep));
  if (!next) return;
  assign(group.variables, next);
  dispose([weights, ...moments]);
  memory.weights = next;
  memory.moments = kept;
}

function adam(w: Tensor1D, g: Tensor1D, [m, v]: readonly Tensor1D[], update: Update): ReturnType<Rule> {
  const mean = mix(m, g, update.beta);
  const squares = mix(v, square(g), SQUARES);
  // Both bias corrections as two numbers, so that they cost no operation of their own.
  const high = Math.sqrt(1 - update.remains[1]);
  const step = (update.rate * high) / (1 - update.remains[0]);
  const move = div(mul(mean, step), add(sqrt(squares), EPSILON * high));
  return [sub(shrunk(w, update), move), mean, squares];
}

function sgd(w: Tensor1D, g: Tensor1D, [m]: readonly Tensor1D[], update: Update): ReturnType<Rule> {
  const velocity = m ? add<Tensor1D>(mul(m, update.beta), g) : g;
  return [sub(shrunk(w, update), mul(velocity, update.rate)), velocity];
}

function shrunk(w: Tensor1D, { shrink }: Update): Tensor1D {
  return shrink === 1 ? w : mul(w, shrink);
}

function mix(old: Tensor1D | undefined, now: Tensor1D, keepShare: number): Tensor1D {
  const fresh = mul<Tensor1D>(now, scalar(1 - keepShare));
  return old ? add(mul(old, keepShare), fresh) : fresh;
}

function momentOf(numbers: Float32Array | undefined, size: number, resumed: boolean): Tensor1D {
  if (!resumed) return zeros([size]);
  if (numbers?.length !== size)
    throw new RangeError(`optimiser state of ${numbers?.length ?? 0} numbers for ${size} weights`);
  return tensor1d(numbers);
}
