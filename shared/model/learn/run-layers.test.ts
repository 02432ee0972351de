import {
  grads,
  sum,
  square,
  type Tensor,
  type Tensor4D,
  tensor4d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { layers as tfLayers, type LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';

import { leftBehind, useEngine } from '../../testing/engines.ts';
import { disturbBatchNorm, largestDifference, randomNumbers, tinyNetwork } from '../../testing/models.ts';
import { buildBackbone, type BackboneSpec } from '../zoo.ts';
import { planLayers } from './run-layers.ts';

beforeAll(() => useEngine('cpu'));

/** Networks small enough for the cpu engine that have every kind of layer between them. */
const SPECS: readonly BackboneSpec[] = [
  { name: 'mobilenet-v1', width: 0.25, size: 32, batchNorm: true },
  { name: 'mobilenet-v2', width: 0.35, size: 32, batchNorm: true },
  { name: 'mobilenet-v2', width: 0.35, size: 32, batchNorm: false },
];

function networkOf(spec: BackboneSpec): LayersModel {
  const { model } = buildBackbone(spec);
  disturbBatchNorm(model);
  return model;
}

const photos = (count = 2): Tensor4D => tensor4d(randomNumbers(count * 32 * 32 * 3, 1), [count, 32, 32, 3]);

describe('running a network layer by layer with our own kernels', () => {
  test.each(SPECS)('%j gives what the layers library gives', async (spec) => {
    const model = networkOf(spec);
    const runner = planLayers(model);
    const x = photos();
    const [ours, theirs] = tidy(() => [runner.run(x, 'fixed'), model.predict(x) as Tensor] as const);
    const expected = await theirs.data();
    const size = Math.max(...expected);
    expect(largestDifference(await ours.data(), expected) / size).toBeLessThan(1e-5);
    model.dispose();
  });

  test.each(['fixed', 'batch'] as const)(
    'the gradients are those of the layers library, batch-norm %s',
    async (mode) => {
      const model = tinyNetwork();
      disturbBatchNorm(model);
      const runner = planLayers(model);
      const x = tensor4d(randomNumbers(5 * 6 * 6 * 3, 1), [5, 6, 6, 3]);
      const variables = runner.layers.flatMap((l) => l.variables);
      const gradients = (run: () => Tensor): Record<string, Tensor> =>
        variableGrads(() => sum(square(run())), variables).grads;
      const ours = gradients(() => runner.run(x, mode));
      const theirs = gradients(() => model.apply(x, { training: mode === 'batch' }) as Tensor);
      expect(Object.keys(ours)).toHaveLength(variables.length);
      for (const { name } of variables) {
        const [a, b] = [await ours[name]!.data(), await theirs[name]!.data()];
        const size = Math.max(...Array.from(b, Math.abs), 1e-3);
        expect(largestDifference(a, b) / size, name).toBeLessThan(1e-3);
      }
      model.dispose();
    },
  );

  test('batch-norm tells the statistics that it met, layer by layer', () => {
    const model = networkOf(SPECS[0]!);
    const runner = planLayers(model);
    const met: number[] = [];
    tidy(() => runner.run(photos(), 'batch', ({ mean, variance }) => met.push(mean.size + variance.size)));
    expect(met).toEqual(runner.norms.map((n) => n.mean.size + n.variance.size));
    expect(met).toHaveLength(27);
    model.dispose();
  });

  test('is differentiable in its input, and leaves no tensor behind', async () => {
    const model = networkOf(SPECS[1]!);
    const runner = planLayers(model);
    const x = photos();
    const left = await leftBehind(() => {
      tidy(() => {
        const [dx] = grads((input: Tensor) => sum(runner.run(input, 'fixed')))([x]);
        expect(dx!.shape).toEqual([2, 32, 32, 3]);
      });
    });
    expect(left).toBe(0);
    model.dispose();
  });

  test('a layer with weights of an unknown kind is named', () => {
    const model = networkOf(SPECS[0]!);
    const strange = tfLayers.prelu({ name: 'strange' });
    const inner = strange.apply(model.outputs[0]!);
    expect(inner).toBeDefined();
    Object.assign(model, { layers: [...model.layers, strange] });
    expect(() => planLayers(model)).toThrow('layer "strange" (PReLU) can\'t be trained');
    model.dispose();
  });
});
