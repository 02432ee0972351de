// The data pipeline: what reading and varying a photo costs, how many photos a second the worker threads prepare, and
// what share of the time training waits for them. 299 px canonical images as noisy as photos are; training is
// MobileNet V2 0.35 at 96 px, all layers, batch 32, on the fastest engine of this machine.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tensor4d } from '@tensorflow/tfjs-core';
import sharp from 'sharp';

import { startEngine } from '../../node-trainer/engines/engine.ts';
import { decodeImage } from '../../node-trainer/io/images.ts';
import { createPipeline } from '../../node-trainer/pipeline/pipeline.ts';
import { createRandom } from '../../shared/dataset/random.ts';
import { augment } from '../../shared/image/augment.ts';
import { resize } from '../../shared/image/resample.ts';
import { prepareTrainingKernels } from '../../shared/model/kernels/register.ts';
import { fit } from '../../shared/model/learn/fit.ts';
import { openTrainee } from '../../shared/model/learn/trainee.ts';
import { buildBackbone } from '../../shared/model/zoo.ts';
import { DEFAULT_AUGMENTATION, STRONG_AUGMENTATION } from '../../shared/schema/augment.ts';

const PHOTOS = 640;
const BATCH = 32;
const EDGE = 96;
const CLASSES = 20;

/** @returns rows for the table: what, figure, unit, goal */
export async function benchPipeline() {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  try {
    const paths = await writePhotos(folder);
    return [...(await costs(paths)), ...(await speeds(paths)), ...(await training(paths))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writePhotos(folder) {
  const paths = [];
  for (let i = 0; i < PHOTOS; i++) {
    const noise = { type: 'gaussian', mean: 70 + (i % 110), sigma: 30 };
    const small = await sharp({ create: { width: 150, height: 100, channels: 3, background: '#000', noise } })
      .png()
      .toBuffer();
    const path = join(folder, `${i}.png`);
    const square = sharp(small).resize(299, 299, { fit: 'contain', background: '#000' });
    await writeFile(path, await square.png({ compressionLevel: 6 }).toBuffer());
    paths.push(path);
  }
  return paths;
}

/** Milliseconds of processor time a photo, one after the other: what others do on the machine hardly counts. */
async function costs(paths) {
  const few = paths.slice(0, 60);
  const bytes = await Promise.all(few.map((path) => readFile(path)));
  const pixels = await Promise.all(bytes.map(decodeImage));
  const raw = join(paths[0], '..', 'raw.bin');
  await writeFile(raw, pixels[0].data);
  const random = createRandom(1);
  const each = async (work) => {
    for (let i = 0; i < 20; i++) await work(i);
    const start = process.cpuUsage();
    for (let i = 0; i < few.length; i++) await work(i);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000 / few.length;
  };
  const varied = (options, size) => each((i) => augment(pixels[i], options, random, { size }));
  return [
    [
      'read and decode a canonical PNG, 299 px',
      await each(async (i) => decodeImage(await readFile(paths[i]))),
      'cpu-ms',
    ],
    ['read its pixels from a file of raw bytes instead', await each(() => readFile(raw)), 'cpu-ms'],
    [`plain resizing to ${EDGE} px`, await each((i) => resize(pixels[i], EDGE, EDGE)), 'cpu-ms'],
    [`augment (default) to ${EDGE} px`, await varied(DEFAULT_AUGMENTATION, EDGE), 'cpu-ms'],
    [`augment (strong) to ${EDGE} px`, await varied(STRONG_AUGMENTATION, EDGE), 'cpu-ms'],
    ['augment (default) to 224 px', await varied(DEFAULT_AUGMENTATION, 224), 'cpu-ms'],
  ];
}

/** Photos a second when nobody else wants the processor. */
async function speeds(paths) {
  const rows = [];
  for (const workers of [1, 2]) {
    const pipeline = open(paths, workers);
    await drain(pipeline.batches(0, plan(0).slice(0, workers)));
    for (const [epoch, what] of [
      [1, 'decoding'],
      [2, 'pixels held in memory'],
    ]) {
      const start = performance.now();
      await drain(pipeline.batches(epoch, plan(epoch)));
      const perSecond = (PHOTOS * 1000) / (performance.now() - start);
      rows.push([`prepared by ${workers} worker${workers > 1 ? 's' : ''}, ${what}`, perSecond, 'images/s']);
    }
    await pipeline.close();
  }
  return rows;
}

/** Two epochs of real training: one that decodes, one that finds the pixels in memory. */
async function training(paths) {
  const engine = await startEngine('auto');
  prepareTrainingKernels();
  const backbone = buildBackbone({ name: 'mobilenet-v2', width: 0.35, size: EDGE, batchNorm: true, seed: 1 });
  const dims = backbone.features;
  const head = {
    dims,
    classes: CLASSES,
    kernel: new Float32Array(dims * CLASSES),
    bias: new Float32Array(CLASSES),
  };
  const trainee = openTrainee(backbone.model, head);
  const labels = Int32Array.from({ length: PHOTOS }, (_, i) => i % CLASSES);
  const run = async (epochs, batches) => {
    const marks = [now()];
    await fit({
      trainee,
      training: { labels, nameOf: String, batches },
      validation: null,
      judgeStart: false,
      options: { ...OPTIONS, epochs },
      onEpoch: () => Promise.resolve(void marks.push(now())),
    });
    return marks.slice(1).map((end, i) => ({
      rate: (PHOTOS * 1000) / (end.wall - marks[i].wall),
      cpu: (end.cpu - marks[i].cpu) / PHOTOS,
    }));
  };
  const ready = new Float32Array(BATCH * EDGE * EDGE * 3).fill(0.1);
  const input = (images, rows) => tensor4d(images, [rows.length, EDGE, EDGE, 3]);
  const pipeline = open(paths, 1);
  const waits = [];
  try {
    await run(1, fromMemory);
    const [alone] = await run(1, fromMemory);
    const fed = await run(2, fromPipeline);
    return [
      [`training step alone, engine ${engine.name}`, alone.rate, 'images/s'],
      ['training step alone', alone.cpu, 'cpu-ms'],
      ['with photos from one worker, first epoch (decoding)', fed[0].rate, 'images/s'],
      ['with photos from one worker, second epoch (held)', fed[1].rate, 'images/s'],
      ['with photos from one worker, second epoch (held)', fed[1].cpu, 'cpu-ms'],
      ['waited for photos, first epoch, start of the worker included', waits[0] * 100, '%'],
      ['waited for photos, second epoch', waits[1] * 100, '%', '< 5'],
    ];
  } finally {
    await pipeline.close();
  }

  async function* fromMemory(_epoch, rows) {
    for (const batch of rows)
      yield { rows: batch, input: input(ready.slice(0, batch.length * EDGE * EDGE * 3), batch) };
  }

  async function* fromPipeline(epoch, rows) {
    const before = pipeline.waited();
    for await (const batch of pipeline.batches(epoch, rows))
      yield { rows: batch.rows, input: input(batch.images, batch.rows) };
    const after = pipeline.waited();
    waits.push((after.waitedSeconds - before.waitedSeconds) / (after.totalSeconds - before.totalSeconds));
  }
}

const OPTIONS = {
  batchSize: BATCH,
  learningRate: 1e-4,
  schedule: { kind: 'constant' },
  optimizer: { kind: 'adamw', weightDecay: 0.01 },
  norm: 'batch',
  labelSmoothing: 0,
  dropout: 0,
  mixup: 0,
  classWeights: false,
  patience: 100,
  seed: 1,
};

/** Milliseconds: by the clock, and of processor time in all threads. */
function now() {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
}

function open(paths, workers) {
  return createPipeline({
    items: paths.map((path) => ({ path, flop: true })),
    preprocessing: { size: EDGE, range: [-1, 1], resize: 'letterbox' },
    augmentation: DEFAULT_AUGMENTATION,
    seed: 1,
    workers,
  });
}

function plan(epoch) {
  const rows = createRandom(epoch).shuffle(Array.from({ length: PHOTOS }, (_, i) => i));
  return Array.from({ length: PHOTOS / BATCH }, (_, i) => rows.slice(i * BATCH, (i + 1) * BATCH));
}

async function drain(batches) {
  for await (const { images } of batches) if (images.length === 0) throw new Error('an empty batch');
}
