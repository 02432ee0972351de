/**
 * Makes `node-trainer/sample/backbone/`: a small MobileNet V1 that has learnt to see drawings, so that the sample
 * library's head trains in seconds on any machine. Needs the `tensorflow` engine; about half an hour on two cores.
 *
 *   npx tsx node-trainer/sample/pretrain.ts
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { oneHot, tensor1d, tidy, train } from '@tensorflow/tfjs-core';
import { layers, model, type LayersModel } from '@tensorflow/tfjs-layers';
import sharp from 'sharp';

import { createRandom, type Random } from '#shared/dataset/random.ts';
import { canonicalise } from '#shared/image/canonical.ts';
import { makePixels, type Pixels } from '#shared/image/pixels.ts';
import { preprocess } from '#shared/model/preprocess.ts';
import { buildBackbone, type Backbone } from '#shared/model/zoo.ts';

import { startEngine } from '../engines/engine.ts';
import { ANIMALS } from './animals.ts';
import { loadArtwork, type Artwork } from './artwork.ts';
import { composeScene } from './scene.ts';

const STEPS = 4000;
const BATCH = 32;
const PEAK_RATE = 2e-3;
const SIZE = 96;

/** Besides the sample's own animals, so that the network learns to see and not just eleven names. */
const OTHERS = (
  'gorilla orangutan monkey bear polar-bear panda koala kangaroo sloth otter parrot owl turtle snake lizard llama ' +
  'bison frog seal dolphin octopus butterfly fox wolf raccoon badger bat swan eagle hedgehog beaver skunk lion ' +
  'rhinoceros hippopotamus cat dog horse cow pig rabbit mouse rooster shark whale crab banana strawberry pizza ' +
  'bus airplane rocket teapot guitar key sunflower house'
).split(' ');

const engine = await startEngine('tensorflow');
console.error(`engine: ${engine.name} ${engine.detail}`);
const artwork = await loadArtwork();
const things = [...ANIMALS.map((a) => a.drawing), ...OTHERS];
const backbone = buildBackbone({ name: 'mobilenet-v1', width: 0.25, size: SIZE, batchNorm: true, seed: 1 });
await learn(backbone);
await save(backbone.model, join(import.meta.dirname, 'backbone'));

async function learn({ model: network, preprocessing }: Backbone): Promise<void> {
  const classifier = withHead(network);
  const optimizer = train.adam(PEAK_RATE);
  classifier.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const random = createRandom(1);
  let next = drawBatch(random);
  for (let step = 0; step < STEPS; step++) {
    const batch = await next;
    next = drawBatch(random);
    Object.assign(optimizer, { learningRate: rateAt(step) });
    const x = preprocess(batch.pictures, preprocessing);
    const y = tidy(() => oneHot(tensor1d(batch.truths, 'int32'), things.length));
    const [loss, accuracy] = (await classifier.trainOnBatch(x, y)) as [number, number];
    x.dispose();
    y.dispose();
    if (step % 25 === 0)
      console.error(`step ${step} of ${STEPS}: loss ${loss.toFixed(3)}, right ${accuracy.toFixed(2)}`);
  }
}

function withHead(network: LayersModel): LayersModel {
  const [features] = network.outputs;
  if (!features) throw new Error('the backbone has no output');
  const dropped = layers.dropout({ rate: 0.1, seed: 1 }).apply(features);
  const outputs = layers.dense({ units: things.length, activation: 'softmax' }).apply(dropped);
  return model({ inputs: network.inputs, outputs: outputs as typeof features });
}

/** Warm-up over 5 % of the steps, then down a half cosine (Loshchilov and Hutter 2017). */
function rateAt(step: number): number {
  const warm = STEPS * 0.05;
  if (step < warm) return (PEAK_RATE * (step + 1)) / warm;
  return (PEAK_RATE * (1 + Math.cos((Math.PI * (step - warm)) / (STEPS - warm)))) / 2;
}

async function drawBatch(random: Random): Promise<{ pictures: Pixels[]; truths: number[] }> {
  const truths = Array.from({ length: BATCH }, () => random.int(things.length));
  const pictures = await Promise.all(truths.map((truth) => drawOne(artwork, things[truth] ?? '', random)));
  return { pictures, truths };
}

async function drawOne(from: Artwork, thing: string, random: Random): Promise<Pixels> {
  const drawings = from(thing);
  const drawing = drawings[random.int(drawings.length)];
  if (!drawing) throw new Error(`no drawing of ${thing}`);
  const { svg } = composeScene(drawing, random);
  const scene = sharp(Buffer.from(svg), { density: 30 }).flatten();
  const { data, info } = await scene.raw().toBuffer({ resolveWithObject: true });
  return canonicalise(makePixels(info.width, info.height, new Uint8Array(data)), SIZE);
}

/** A TensorFlow.js layers model with its weights as 16-bit floats: half the bytes, and nobody sees the difference. */
async function save(network: LayersModel, folder: string): Promise<void> {
  const weights = network.weights.map((w) => ({ name: w.originalName, tensor: w.read() }));
  const specs = weights.map(({ name, tensor }) => ({
    name,
    shape: tensor.shape,
    dtype: 'float32',
    quantization: { dtype: 'float16', original_dtype: 'float32' },
  }));
  const values = await Promise.all(weights.map(({ tensor }) => tensor.data()));
  const halves = values.flatMap((v) => [...v].map(toHalf));
  const topology: unknown = network.toJSON(null, false);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'weights.bin'), new Uint8Array(Uint16Array.from(halves).buffer));
  const file = {
    format: 'layers-model',
    generatedBy: 'Menagerie',
    modelTopology: { model_config: topology },
    weightsManifest: [{ paths: ['weights.bin'], weights: specs }],
  };
  await writeFile(join(folder, 'model.json'), `${JSON.stringify(file)}\n`);
}

/** IEEE 754 half precision, rounded to nearest; magnitudes below its normal range become zero. */
function toHalf(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const rounded = (bits & 0x7fffffff) + 0x1000;
  const exponent = (rounded >>> 23) - 112;
  if (exponent <= 0) return sign;
  if (exponent >= 31) return sign | 0x7bff;
  return sign | (exponent << 10) | ((rounded >>> 13) & 0x3ff);
}
