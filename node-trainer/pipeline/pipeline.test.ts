import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { networkInput } from '#shared/image/network-input.ts';
import type { Pixels } from '#shared/image/pixels.ts';
import { noise, scene } from '#shared/image/testing/synthetic.ts';
import { DEFAULT_AUGMENTATION, STRONG_AUGMENTATION } from '#shared/schema/augment.ts';
import type { Preprocessing } from '#shared/schema/model.ts';

import { encodePng } from '../io/images.ts';
import { PhotoError } from '../io/photo-error.ts';
import { scratch } from '../testing/shapes.ts';
import { startCrew } from './crew.ts';
import { type Batch, createPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts';

const P: Preprocessing = { size: 16, range: [-1, 1], resize: 'letterbox' };
const PICTURES = Array.from({ length: 6 }, (_, i) => scene(40, 40, i + 1));

async function write(folder: string, name: string, picture: Pixels): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, await encodePng(picture));
  return path;
}

async function paths(): Promise<string[]> {
  const folder = await scratch();
  return Promise.all(PICTURES.map((p, i) => write(folder, `${i}.png`, p)));
}

function open(files: readonly string[], options: Partial<PipelineOptions> = {}): Pipeline {
  const pipeline = createPipeline({
    items: files.map((path) => ({ path, flop: true })),
    preprocessing: P,
    augmentation: STRONG_AUGMENTATION,
    seed: 1,
    workers: 1,
    ...options,
  });
  onTestFinished(() => pipeline.close());
  return pipeline;
}

async function all(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const taken = [];
  for await (const batch of batches) taken.push(batch);
  return taken;
}

/** What each row looks like in an epoch. */
async function looks(
  pipeline: Pipeline,
  epoch: number,
  rows: readonly number[][],
): Promise<Map<number, string>> {
  const length = P.size * P.size * 3;
  const found = new Map<number, string>();
  for (const batch of await all(pipeline.batches(epoch, rows))) {
    batch.rows.forEach((row, i) => found.set(row, batch.images.slice(i * length, (i + 1) * length).join()));
  }
  return found;
}

describe('batches', () => {
  test('come in the order asked for, as the network takes them', async () => {
    const pipeline = open(await paths(), { augmentation: null, workers: 2, ahead: 2 });
    const rows = [[4, 0], [2], [1, 3, 5], [0, 0]];
    const batches = await all(pipeline.batches(1, rows));
    expect(batches.map((b) => b.rows)).toEqual(rows);
    const expected = rows.map((r) =>
      networkInput(
        r.map((i) => PICTURES[i]!),
        P,
      ),
    );
    expect(batches.map((b) => b.images)).toEqual(expected);
  });

  test('a photo looks the same whatever the order, the workers and what is held; another in each epoch', async () => {
    const files = await paths();
    const one = open(files);
    const two = open(files, { workers: 2, holdBytes: 0 });
    const first = await looks(one, 1, [
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(await looks(two, 1, [[5], [4, 0], [3], [2, 1]])).toEqual(first);
    expect(
      await looks(one, 1, [
        [2, 4, 0],
        [1, 5, 3],
      ]),
    ).toEqual(first);
    const second = await looks(one, 2, [[0, 1, 2, 3, 4, 5]]);
    for (const [row, look] of second) expect(look, `row ${row}`).not.toBe(first.get(row));
    const otherSeed = await looks(open(files, { seed: 2 }), 1, [[0, 1, 2, 3, 4, 5]]);
    for (const [row, look] of otherSeed) expect(look, `row ${row}`).not.toBe(first.get(row));
  });

  test('photos that are held need their files no more; with no room for them they do', async () => {
    const [files, others] = [await paths(), await paths()];
    const holding = open(files);
    const before = await looks(holding, 1, [[0, 1]]);
    await rm(files[0]!);
    expect(await looks(holding, 1, [[0, 1]])).toEqual(before);
    const forgetful = open(others, { holdBytes: 40 * 40 * 3 });
    await looks(forgetful, 1, [[0], [1]]);
    await rm(others[1]!);
    await expect(looks(forgetful, 1, [[0], [1]])).rejects.toThrow(others[1]);
  });

  test('are made ahead, but no further than asked for', async () => {
    const files = await paths();
    const taken: number[] = [];
    const work = (async () => {
      for await (const { rows } of open(files, { ahead: 2, holdBytes: 0 }).batches(1, [
        [0],
        [1],
        [2],
        [3],
        [4],
      ])) {
        // With the first one in hand, the next two are at work; the file of the one after is not looked at yet.
        if (taken.length === 0) await rm(files[3]!);
        taken.push(...rows);
      }
    })();
    await expect(work).rejects.toThrow(files[3]);
    expect(taken).toEqual([0, 1, 2]);
  });

  test('a photo whose class has no flop is never mirrored, one that may be small never made smaller', async () => {
    const files = await paths();
    const flopOnly = {
      ...DEFAULT_AUGMENTATION,
      rotate: 0,
      zoomOut: 0,
      zoomIn: 0,
      brightness: 0,
      contrast: 0,
    };
    const items = files.map((path, i) => ({ path, flop: i > 0, zoomOut: i > 0 }));
    const upright = networkInput([PICTURES[0]!], P).join();
    const seen = new Map<number, Set<string>>([0, 1].map((row) => [row, new Set()]));
    for (const augmentation of [flopOnly, { ...flopOnly, flop: false, zoomOut: 0.5 }]) {
      const pipeline = open(files, { items, augmentation });
      for (let epoch = 0; epoch < 12; epoch++) {
        for (const [row, look] of await looks(pipeline, epoch, [[0, 1]])) seen.get(row)?.add(look);
      }
    }
    expect([...seen.get(0)!]).toEqual([upright]);
    expect(seen.get(1)!.size).toBeGreaterThan(2);
  });
});

describe('when something is wrong', () => {
  test.each([
    ['missing', 'not there any more', (path: string) => rm(path)],
    ['type', 'photo', (path: string) => writeFile(path, 'no picture at all, and no PNG either')],
    ['size', '30 × 20', async (path: string) => writeFile(path, await encodePng(noise(30, 20)))],
  ])(
    'a photo that is bad (%s) ends it with its name, and the others can still be had',
    async (_, words, spoil) => {
      const files = await paths();
      await spoil(files[2]!);
      const pipeline = open(files, { workers: 2 });
      const taken: number[] = [];
      const failure = await (async () => {
        for await (const batch of pipeline.batches(1, [[0], [1], [2], [3]])) taken.push(...batch.rows);
      })().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PhotoError);
      expect((failure as Error).message).toContain(files[2]);
      expect((failure as Error).message).toContain(words);
      expect(taken).toEqual([0, 1]);
      expect((await all(pipeline.batches(1, [[4, 5]]))).length).toBe(1);
    },
  );

  test('a row that does not exist is said', async () => {
    await expect(all(open(await paths()).batches(1, [[6]]))).rejects.toThrow('no photo in row 6');
  });

  test('an aborted signal ends it at once with its reason; other calls go on', async () => {
    const pipeline = open(await paths());
    const stop = new AbortController();
    const taken: number[] = [];
    const work = (async () => {
      for await (const batch of pipeline.batches(1, [[0], [1], [2]], stop.signal)) {
        taken.push(...batch.rows);
        stop.abort();
      }
    })();
    await expect(work).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(taken).toEqual([0]);
    expect(await all(pipeline.batches(1, [[3]]))).toHaveLength(1);
  });

  test('after closing, what is still asked for fails, and closing twice is fine', async () => {
    const pipeline = open(await paths());
    const pending = all(pipeline.batches(1, [[0], [1]]));
    pending.catch(() => undefined);
    await pipeline.close();
    await expect(pending).rejects.toThrow('closed');
    await expect(all(pipeline.batches(1, [[0]]))).rejects.toThrow('closed');
    await pipeline.close();
  });

  test('a worker that dies names the photo it was at, and nothing more can be asked of it', async () => {
    const dies = `
      import { parentPort, workerData } from 'node:worker_threads';
      parentPort.on('message', () => { workerData.state[0] = 1; process.exit(3); });`;
    const door = new URL(`data:text/javascript,${encodeURIComponent(dies)}`);
    const items = ['a.png', 'b.png'].map((path) => ({ path, flop: true }));
    const crew = startCrew({ items, preprocessing: P, augmentation: null, seed: 1 }, 1, door);
    const order = { epoch: 1, photos: [{ row: 1, held: null }], keep: false };
    await expect(crew.make(order)).rejects.toThrow(/died at b\.png .*exit code 3/);
    await expect(crew.make(order)).rejects.toThrow(PhotoError);
    await crew.close();
  });
});

test('waiting is counted, the time that the consumer works is not', async () => {
  const pipeline = open(await paths());
  for await (const _ of pipeline.batches(1, [[0], [1], [2]]))
    await new Promise((done) => setTimeout(done, 60));
  const { waitedSeconds, totalSeconds } = pipeline.waited();
  expect(waitedSeconds).toBeGreaterThan(0);
  expect(totalSeconds - waitedSeconds).toBeGreaterThan(0.15);
});
