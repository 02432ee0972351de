import { tensor4d } from '@tensorflow/tfjs-core';

import { createRandom } from '../dataset/random.ts';
import { readAll } from '../model/learn/flat.ts';
import { createOptimizer } from '../model/learn/optimizer.ts';
import { learnBatch } from '../model/learn/step.ts';
import { openTrainee } from '../model/learn/trainee.ts';
import { type BackboneSpec, buildBackbone } from '../model/zoo.ts';
import { disturbBatchNorm, randomHead, randomNumbers } from './models.ts';

/** What some steps of training came to. */
export interface Steps {
  readonly losses: readonly number[];
  /** Everything that learns. */
  readonly weights: Float32Array;
}

/**
 * Trains a new network on random images for a few steps on the engine in use, in a way that does not magnify rounding:
 * plain momentum (Adam's first step is the sign of a gradient, however small) and fixed statistics (those of four images
 * are so few numbers that one relu's kink, met from the other side, changes the gradient by a hundredth).
 */
export async function takeSteps(spec: BackboneSpec, steps: number): Promise<Steps> {
  const [rows, classes] = [4, 3];
  const backbone = buildBackbone(spec);
  disturbBatchNorm(backbone.model);
  const trainee = openTrainee(backbone.model, randomHead(backbone.features, classes));
  const optimizer = createOptimizer(trainee.groups, { kind: 'sgd', weightDecay: 1e-4 });
  const targets = { classes, labelSmoothing: 0.1, weights: null };
  const options = { norm: 'fixed', dropout: 0, mixup: 0, targets } as const;
  const losses: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const numbers = randomNumbers(rows * spec.size * spec.size * 3, step + 1);
    const input = tensor4d(numbers, [rows, spec.size, spec.size, 3]);
    const batch = { input, labels: Int32Array.from({ length: rows }, (_, i) => (i + step) % classes) };
    const pace = { rate: 1e-2, momentum: null, random: createRandom(step) };
    const { loss } = await learnBatch({ trainee, optimizer, moving: null }, batch, options, pace);
    losses.push(loss / rows);
    input.dispose();
  }
  const weights = await readAll(trainee.variables);
  optimizer.dispose();
  trainee.dispose();
  backbone.model.dispose();
  return { losses, weights };
}
