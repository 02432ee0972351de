import {
  add,
  mul,
  tensor1d,
  tensor2d,
  tidy,
  train,
  type Tensor,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { leftBehind, useEngine } from '../../testing/engines.ts';
import { largestDifference, randomNumbers } from '../../testing/models.ts';
import { createOptimizer, type Optimizer, type OptimizerOptions, type ParameterGroup } from './optimizer.ts';

beforeAll(() => useEngine('cpu'));

const weights = (): [Variable, Variable] =>
  tidy(() => [variable(tensor2d(randomNumbers(6, 1), [2, 3])), variable(tensor1d(randomNumbers(3, 2)))]);
/** A gradient that depends on the weights, as real ones do. */
const gradientOf = (v: Variable): Tensor => tidy(() => add(mul(v, 0.5), 0.1));
const groupsOf = ([kernel, bias]: [Variable, Variable], rate = 1): ParameterGroup[] => [
  { variables: [kernel], rate, decay: true },
  { variables: [bias], rate, decay: false },
];
const numbers = async (vs: Variable[]): Promise<number[]> =>
  (await Promise.all(vs.map((v) => v.data()))).flatMap((d) => [...d]);

function take(optimizer: Optimizer, steps: number): void {
  for (let i = 0; i < steps; i += 1) {
    tidy(() => {
      optimizer.step(gradientOf, { rate: 0.01, momentum: null });
    });
  }
}

describe.each<OptimizerOptions['kind']>(['adamw', 'sgd'])('%s', (kind) => {
  test('without decay takes the steps of the library', async () => {
    const [ours, theirs] = [weights(), weights()];
    const optimizer = createOptimizer(groupsOf(ours), { kind, weightDecay: 0 });
    const reference = kind === 'adamw' ? train.adam(0.01) : train.momentum(0.01, 0.9);
    take(optimizer, 5);
    for (let i = 0; i < 5; i += 1) {
      tidy(() => {
        reference.applyGradients(theirs.map((v) => ({ name: v.name, tensor: gradientOf(v) })));
      });
    }
    expect(largestDifference(await numbers(ours), await numbers(theirs))).toBeLessThan(1e-5);
    optimizer.dispose();
  });

  test('goes on from its state as if it had never stopped, bit for bit', async () => {
    const [unbroken, broken] = [weights(), weights()];
    const one = createOptimizer(groupsOf(unbroken), { kind, weightDecay: 0.1 });
    take(one, 6);
    const first = createOptimizer(groupsOf(broken), { kind, weightDecay: 0.1 });
    take(first, 3);
    const state = await first.state();
    first.dispose();
    const second = createOptimizer(groupsOf(broken), { kind, weightDecay: 0.1 }, state);
    take(second, 3);
    expect(await numbers(broken)).toEqual(await numbers(unbroken));
    expect(await second.state()).toEqual(await one.state());
    one.dispose();
    second.dispose();
  });

  test('decay pulls at kernels alone', async () => {
    const [without, withDecay] = [weights(), weights()];
    const [a, b] = [0, 1].map((weightDecay, i) =>
      createOptimizer(groupsOf([without, withDecay][i]!), { kind, weightDecay }),
    );
    take(a!, 1);
    take(b!, 1);
    expect(await numbers([withDecay[1]])).toEqual(await numbers([without[1]]));
    const [free, pulled] = [await numbers([without[0]]), await numbers([withDecay[0]])];
    expect(largestDifference(free, pulled)).toBeGreaterThan(0.001);
    a!.dispose();
    b!.dispose();
  });

  test('leaves nothing behind, and refuses a state of other weights', async () => {
    const vs = weights();
    const left = await leftBehind(async () => {
      const optimizer = createOptimizer(groupsOf(vs), { kind, weightDecay: 0.1 });
      take(optimizer, 3);
      await optimizer.state();
      optimizer.dispose();
    });
    expect(left).toBe(0);
    const strange = { remains: [1, 1] as const, vectors: [new Float32Array(2)] };
    expect(() => createOptimizer(groupsOf(vs), { kind, weightDecay: 0 }, strange)).toThrow(
      '2 numbers for 6 weights',
    );
  });
});

test('a group learns at its share of the rate', async () => {
  const [full, tenth] = [weights(), weights()];
  const start = await numbers(full);
  for (const [vs, rate] of [
    [full, 1],
    [tenth, 0.1],
  ] as const) {
    const optimizer = createOptimizer(groupsOf(vs, rate), { kind: 'sgd', weightDecay: 0 });
    take(optimizer, 1);
    optimizer.dispose();
  }
  const [a, b] = [await numbers(full), await numbers(tenth)];
  start.forEach((w, i) => {
    expect(b[i]! - w).toBeCloseTo((a[i]! - w) / 10, 6);
  });
});
