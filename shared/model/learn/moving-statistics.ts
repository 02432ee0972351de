import {
  add,
  dispose,
  keep,
  mul,
  sub,
  type Tensor1D,
  tensor1d,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';

import { assign, join } from './flat.ts';
import type { MetStatistics, NormLayer } from './run-layers.ts';

/** The moving means and variances of all batch-norm layers as one vector. */
export interface MovingStatistics {
  /** Every mean, then every variance. */
  readonly variables: readonly Variable[];
  /** Moves them towards what a batch met (`joinMet`): old · momentum + met · (1 − momentum). */
  readonly follow: (met: Tensor1D) => void;
  readonly dispose: () => void;
}

/** What the batch-norm layers of one pass met, in the order of `MovingStatistics`. */
export function joinMet(met: readonly MetStatistics[]): Tensor1D {
  return join([...met.map((m) => m.mean), ...met.map((m) => m.variance)]);
}

/** Starts from the statistics as they are now; nobody else may write to them while this is in use. */
export function followStatistics(norms: readonly NormLayer[]): MovingStatistics {
  const variables = [...norms.map((n) => n.mean), ...norms.map((n) => n.variance)];
  const shares = [...norms, ...norms].flatMap(({ mean, momentum }) =>
    new Array<number>(mean.size).fill(momentum),
  );
  const momentum = tensor1d(shares);
  let now = join(variables);
  return {
    variables,
    follow: (met) => {
      const next = tidy(() => keep(add<Tensor1D>(met, mul(momentum, sub(now, met)))));
      assign(variables, next);
      now.dispose();
      now = next;
    },
    dispose: () => {
      dispose([momentum, now]);
    },
  };
}
