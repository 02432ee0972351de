/** Occlusion maps of real networks: sane as Adebayo et al. 2018 (arXiv:1810.03292) ask of them (P6-20). */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { memory } from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { evidenceOf } from '../explain/evidence.ts';
import { explain, type Explanation } from '../explain/explain.ts';
import type { HeatMap } from '../explain/heat.ts';
import { canonicalise } from '../image/canonical.ts';
import { makePixels, type Pixels } from '../image/pixels.ts';
import { backboneSource, hasBackbones } from '../testing/backbones.ts';
import { useEngine } from '../testing/engines.ts';
import { joinClassifier } from './classifier.ts';
import { compileNetwork } from './compile.ts';
import type { CompiledFile } from './compiled-format.ts';
import { coveredInput, uncovered } from './covered-input.ts';
import { readLayersModel } from './layers-model.ts';
import { loadNetwork, type Network } from './network.ts';
import { preprocess } from './preprocess.ts';
import { loadBackbone } from './transfer.ts';

beforeAll(() => useEngine('wasm'));

async function mapOf(network: Network, canonical: Pixels, index: number): Promise<Explanation> {
  const image = uncovered(canonical);
  return explain({
    picture: image.picture,
    ask: async (covers) => {
      const input = coveredInput({ ...image, covers }, network.preprocessing);
      const output = network.predict(input);
      const scores = await output.data();
      input.dispose();
      output.dispose();
      return covers.map((_, i) =>
        evidenceOf(scores.subarray(i * network.classes, (i + 1) * network.classes), index),
      );
    },
    atOnce: 4,
    progress: () => undefined,
    signal: new AbortController().signal,
  });
}

/** A picture of one colour with others pasted in, `side` pixels wide. */
function collage(
  size: number,
  ground: readonly [number, number, number],
  pasted: readonly { readonly picture: Pixels; readonly left: number; readonly top: number }[],
): Pixels {
  const data = Uint8Array.from({ length: size * size * 3 }, (_, i) => ground[i % 3]!);
  for (const { picture, left, top } of pasted) {
    for (let y = 0; y < picture.height; y++) {
      const row = picture.data.subarray(y * picture.width * 3, (y + 1) * picture.width * 3);
      data.set(row, ((top + y) * size + left) * 3);
    }
  }
  return makePixels(size, size, data);
}

/** Shares of the heat inside a square of the picture, and whether the hottest cell lies in it. */
function heatIn({ columns, rows, heat }: HeatMap, left: number, top: number, side: number) {
  const warm = heat.map((value) => Math.max(0, value));
  const inside = (cell: number): boolean => {
    const [x, y] = [((cell % columns) + 0.5) / columns, (Math.floor(cell / columns) + 0.5) / rows];
    return x >= left && x <= left + side && y >= top && y <= top + side;
  };
  const sum = (values: Float32Array): number => values.reduce((a, b) => a + b, 0);
  return {
    share: sum(warm.filter((_, cell) => inside(cell))) / sum(warm),
    hottest: inside(warm.indexOf(Math.max(...warm))),
  };
}

describe('a tiny network that knows two colours', () => {
  const SIZE = 64;
  const GREY = [128, 128, 128] as const;
  const square = (colour: readonly number[]): Pixels =>
    makePixels(
      14,
      14,
      Uint8Array.from({ length: 14 * 14 * 3 }, (_, i) => colour[i % 3]!),
    );
  const [RED, BLUE] = [square([230, 40, 40]), square([40, 40, 230])];

  /** Counts reddish and bluish pixels: one convolution, the mean, one dense layer. */
  function twoColours(): Network {
    const numbers = [
      // From red, green and blue to how red and how blue.
      ...[1, -1, -0.5, -0.5, -1, 1],
      ...[-0.2, -0.2],
      ...[60, 0, 0, 0, 60, 0],
      ...[0, 0, 1],
    ];
    const shapes = [[1, 1, 3, 2], [2], [2, 3], [3]];
    let offset = 0;
    const tensors = shapes.map((shape, i) => {
      const spec = { name: String(i), shape, dtype: 'float32' as const, offset };
      offset += 4 * shape.reduce((a, b) => a * b, 1);
      return spec;
    });
    const file: CompiledFile = {
      v: 2,
      preprocessing: { size: SIZE, range: [-1, 1], resize: 'letterbox' },
      classes: 3,
      features: 2,
      bytes: offset,
      tensors,
      ops: [
        { op: 'conv', input: 0, filter: 0, bias: 1, strides: [1, 1], pad: 'same', activation: 'relu' },
        { op: 'mean', input: 1 },
        { op: 'dense', input: 2, kernel: 2, bias: 3, activation: 'linear' },
      ],
    };
    return loadNetwork(file, Float32Array.from(numbers).buffer);
  }

  test('the pasted patch is what it looked at, for the class that knows it alone', async () => {
    const network = twoColours();
    const picture = collage(SIZE, GREY, [{ picture: RED, left: 40, top: 10 }]);
    const before = memory().numTensors;
    const red = await mapOf(network, picture, 0);
    expect(memory().numTensors).toBe(before);
    expect(red.findings).toMatchObject([{ kind: 'looked', at: { row: 'top', column: 'right' } }]);
    // The patch and half a window around it.
    const { share, hottest } = heatIn(red.map, 40 / 64 - 0.16, 10 / 64 - 0.16, 14 / 64 + 0.32);
    expect(hottest).toBe(true);
    expect(share).toBeGreaterThan(0.8);
    const blue = await mapOf(network, picture, 1);
    expect(blue.findings[0]).not.toMatchObject({ kind: 'looked', at: { row: 'top', column: 'right' } });
    network.dispose();
  });

  test('two patches are two spots, and each class has its own', async () => {
    const network = twoColours();
    const both = collage(SIZE, GREY, [
      { picture: RED, left: 4, top: 4 },
      { picture: RED, left: 46, top: 46 },
    ]);
    const { map } = await mapOf(network, both, 0);
    const at = (x: number, y: number): number => map.heat[y * map.columns + x]!;
    expect(at(2, 2)).toBeGreaterThan(3 * at(6, 6));
    expect(at(10, 10)).toBeGreaterThan(3 * at(6, 6));

    const apart = collage(SIZE, GREY, [
      { picture: RED, left: 4, top: 25 },
      { picture: BLUE, left: 46, top: 25 },
    ]);
    const where = async (index: number): Promise<unknown> => (await mapOf(network, apart, index)).findings[0];
    expect(await where(0)).toMatchObject({ kind: 'looked', at: { row: 'middle', column: 'left' } });
    expect(await where(1)).toMatchObject({ kind: 'looked', at: { row: 'middle', column: 'right' } });
    network.dispose();
  });
});

const PHOTOS = resolve(import.meta.dirname, '../../../shared/data/zoo');

describe.skipIf(!hasBackbones)('MobileNet V2 (skipped where its weights are not there)', () => {
  /** With the 1000 classes it was published with. @param shuffled the same network with a head that knows nothing */
  async function mobileNet(shuffled: boolean): Promise<Network> {
    const source = backboneSource('mobilenet-v2-1.0-224');
    const backbone = await loadBackbone(source);
    const { weights } = await readLayersModel(source);
    const kernel = weights.get('predictions/kernel')!.data;
    const bias = weights.get('predictions/bias')!.data;
    const random = Float32Array.from(kernel, (_, i) => 0.05 * Math.sin(i * i));
    const head = { dims: backbone.features, classes: 1000, kernel: shuffled ? random : kernel, bias };
    const joined = joinClassifier({ backbone, head });
    const { file, weights: bytes } = await compileNetwork(joined, backbone.preprocessing);
    joined.dispose();
    backbone.model.dispose();
    return loadNetwork(file, bytes.slice().buffer);
  }

  async function photo(name: string, edge: number): Promise<Pixels> {
    const folder = join(PHOTOS, name);
    const file = join(folder, readdirSync(folder).sort()[3]!);
    const { data, info } = await sharp(readFileSync(file))
      .resize(edge, edge, { fit: 'cover' })
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return makePixels(info.width, info.height, new Uint8Array(data));
  }

  function best(network: Network, canonical: Pixels): Promise<number> {
    const input = preprocess([canonical], network.preprocessing);
    const output = network.predict(input);
    return output.data().then((scores) => {
      input.dispose();
      output.dispose();
      return (scores as Float32Array).indexOf(Math.max(...scores));
    });
  }

  let network: Network;
  beforeAll(async () => {
    network = await mobileNet(false);
  });
  afterAll(() => {
    network.dispose();
  });

  test('a tiger pasted into a meadow is what it looked at, wherever it is', async () => {
    const tiger = await photo('tiger', 96);
    const index = await best(network, canonicalise(tiger, 224));
    const places = [
      [12, 116],
      [116, 12],
    ] as const;
    for (const [left, top] of places) {
      const picture = collage(224, [96, 120, 70], [{ picture: tiger, left, top }]);
      const { map } = await mapOf(network, picture, index);
      const [x, y] = [left / 224, top / 224];
      expect(heatIn(map, x, y, 96 / 224).hottest).toBe(true);
      expect(heatIn(map, x - 0.1, y - 0.1, 96 / 224 + 0.2).share).toBeGreaterThan(0.8);
    }
  });

  test('two animals are two spots, each for its own class', async () => {
    const [tiger, flamingo] = [await photo('tiger', 100), await photo('flamingo', 100)];
    const picture = collage(
      224,
      [110, 115, 105],
      [
        { picture: tiger, left: 6, top: 62 },
        { picture: flamingo, left: 118, top: 62 },
      ],
    );
    for (const [animal, column] of [
      [tiger, 'left'],
      [flamingo, 'right'],
    ] as const) {
      const index = await best(network, canonicalise(animal, 224));
      const { findings } = await mapOf(network, picture, index);
      expect(findings[0]).toMatchObject({ kind: 'looked', at: { column } });
    }
  });

  test('it is the map of this model: with another head it is another map', async () => {
    const other = await mobileNet(true);
    const tiger = await photo('tiger', 224);
    const index = await best(network, tiger);
    const [a, b] = [await mapOf(network, tiger, index), await mapOf(other, tiger, index)];
    expect(Math.abs(rankCorrelation(a.map.heat, b.map.heat))).toBeLessThan(0.5);
    other.dispose();
  });
});

function rankCorrelation(a: Float32Array, b: Float32Array): number {
  const ranks = (values: Float32Array): number[] => {
    const order = Array.from(values.keys()).sort((i, j) => values[i]! - values[j]!);
    const rank = Array.from(values, () => 0);
    order.forEach((cell, place) => (rank[cell] = place));
    return rank;
  };
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (a.length - 1) / 2;
  const product = (u: number[], v: number[]): number =>
    u.reduce((sum, value, i) => sum + (value - mean) * (v[i]! - mean), 0);
  return product(x, y) / product(x, x);
}
