import { ones, tensor4d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { leftBehind, useEngine } from '../testing/engines.ts';
import { randomHead, randomNumbers } from '../testing/models.ts';
import { joinClassifier, splitBackbone } from './classifier.ts';
import { type Backbone, buildBackbone } from './zoo.ts';
import { ZOO, type ZooName } from './zoo/table.ts';

beforeAll(() => useEngine('wasm'));

function backboneOf(name: ZooName): Backbone {
  return buildBackbone({ name, width: 0.25, size: ZOO[name].minSize, batchNorm: true });
}

function images({ spec: { size } }: Backbone): Tensor {
  return tensor4d(randomNumbers(2 * size * size * 3, 3), [2, size, size, 3]);
}

describe.each(Object.keys(ZOO) as ZooName[])('%s', (name) => {
  test('cut before its final block gives what the whole gives', async () => {
    const backbone = backboneOf(name);
    const { bottom, top, boundary } = splitBackbone(backbone, ZOO[name].finalBlocks);
    const x = images(backbone);
    const between = bottom.predict(x) as Tensor;
    expect(between.shape.slice(1)).toEqual(boundary);
    const [found, expected] = [top.predict(between) as Tensor2D, backbone.model.predict(x) as Tensor2D];
    expect(await found.data()).toEqual(await expected.data());
    expect(bottom.weights.length + top.weights.length).toBe(backbone.model.weights.length);
    for (const t of [backbone.model, bottom, top, x, between, found, expected]) t.dispose();
  });
});

describe('joining', () => {
  test('takes the trained top in place of the weights of the backbone, and all others from it', async () => {
    const backbone = backboneOf('efficientnet-b0');
    const { bottom, top } = splitBackbone(backbone, 1);
    const trained = top.weights.find((w) => w.originalName === 'top_conv/kernel');
    trained?.write(ones(trained.shape.map((n) => n ?? 0)));
    const classifier = joinClassifier({ backbone, head: randomHead(backbone.features, 3), top });
    const valueOf = async (at: string): Promise<ArrayLike<number>> =>
      (await classifier.weights
        .find((w) => w.originalName === at)
        ?.read()
        .data()) ?? [];
    expect(new Set(Array.from(await valueOf('top_conv/kernel')))).toEqual(new Set([1]));
    const stem = backbone.model.weights.find((w) => w.originalName === 'stem_conv/kernel');
    expect(await valueOf('stem_conv/kernel')).toEqual(await stem?.read().data());
    for (const m of [backbone.model, bottom, top, classifier]) m.dispose();
  });

  test('leaves no tensor behind', async () => {
    expect(
      await leftBehind(() => {
        const backbone = backboneOf('mobilenet-v3-small');
        const { bottom, top } = splitBackbone(backbone, 2);
        const classifier = joinClassifier({ backbone, head: randomHead(backbone.features, 3), top });
        for (const m of [backbone.model, bottom, top, classifier]) m.dispose();
      }),
    ).toBe(0);
  });

  test('has no dropout where none is wanted', () => {
    const backbone = backboneOf('inception-v4');
    const head = randomHead(backbone.features, 3);
    const [usual, none] = [
      joinClassifier({ backbone, head }),
      joinClassifier({ backbone, head, dropout: 0 }),
    ];
    const drops = (m: typeof usual): number => m.layers.filter((l) => l.getClassName() === 'Dropout').length;
    expect([drops(usual), drops(none)]).toEqual([1, 0]);
    for (const m of [backbone.model, usual, none]) m.dispose();
  });

  test('refuses a head for another number of features', () => {
    const backbone = backboneOf('mobilenet-v3-small');
    expect(() => joinClassifier({ backbone, head: randomHead(7, 3) })).toThrow(
      /7 features on a backbone with/,
    );
    backbone.model.dispose();
  });
});
