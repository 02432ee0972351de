import { backend } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

import { createInference, type Inference, type NetworkBytes } from './inference.ts';
import { createManyLooker, type LookWish, type Picture } from './look-many.ts';
import { probeNetwork } from './probe.ts';
import { noise, quarters } from './testing/pictures.ts';

const WISH: LookWish = { size: 64, features: true, file: true };

/** Says which network it has, and the first byte of the picture; late, as a GPU would. */
function slowInference(): Inference & { readonly loads: () => number } {
  let [on, loads, under] = [0, 0, 0];
  return {
    loads: () => loads,
    engine: () => 'wasm',
    load: async ({ weights }: NetworkBytes) => {
      loads += 1;
      expect(under).toBe(0);
      await new Promise((done) => setTimeout(done, 2));
      on = weights.byteLength;
    },
    look: async (canonical) => {
      under += 1;
      const network = on;
      await new Promise((done) => setTimeout(done, 5));
      expect([under, on]).toEqual([1, network]);
      under -= 1;
      return canonical.map(({ data }) => ({
        scores: Float32Array.from(data.slice(64 * 32 * 3, 64 * 32 * 3 + 6)),
        features: Float32Array.from([network, ...data.slice(0, 2)]),
      }));
    },
    predict: () => Promise.reject(new Error('not asked for')),
    covered: () => Promise.reject(new Error('not asked for')),
  };
}

const network = (bytes: number): NetworkBytes => ({
  file: probeNetwork().file,
  weights: new ArrayBuffer(bytes),
});

async function pictures(seed: number): Promise<Picture[]> {
  const bad = { key: `bad ${String(seed)}`, bytes: new Blob(['not a picture']) };
  const good = await Promise.all(
    [0, 1, 2].map(async (n) => ({
      key: `${String(seed)} ${String(n)}`,
      bytes: new Blob([await noise(seed + n)]),
    })),
  );
  return [bad, ...good];
}

test('batches of two networks that come in turns are each looked at by their own', async () => {
  const inference = slowInference();
  const looker = createManyLooker(inference);
  await Promise.all([looker.load('a', network(100)), looker.load('b', network(200))]);
  const all = await Promise.all(
    ['a', 'b', 'a', 'a', 'b'].map(async (name, i) =>
      looker.look(name, await pictures(10 * i), { ...WISH, file: false }),
    ),
  );
  for (const [i, looked] of all.entries()) {
    const seen = looked.flatMap((one) => (one.kind === 'seen' ? [one.features?.[0]] : []));
    const own = 'abaab'[i] === 'a' ? 100 : 200;
    expect(seen).toEqual([own, own, own]);
  }
});

test('a picture that cannot be read leaves the answers of the others where they belong', async () => {
  const looker = createManyLooker(slowInference());
  await looker.load('a', network(100));
  const alone = await Promise.all(
    (await pictures(7)).map(async (one) => (await looker.look('a', [one], WISH))[0]),
  );
  const together = await looker.look('a', await pictures(7), WISH);
  expect(together).toEqual(alone);
  expect(together.map(({ kind, key }) => [kind, key])).toEqual([
    ['refused', 'bad 7'],
    ['seen', '7 0'],
    ['seen', '7 1'],
    ['seen', '7 2'],
  ]);
});

test('the five best are kept, best first; a thumbnail and the file’s identity come along where they are wanted', async () => {
  const looker = createManyLooker(slowInference());
  await looker.load('a', network(100));
  const [seen] = await looker.look('a', [{ key: 'q', bytes: (await quarters(80, 40)).buffer }], WISH);
  if (seen?.kind !== 'seen') throw new Error('not seen');
  expect(seen.top).toHaveLength(5);
  expect(seen.top.map(({ score }) => score)).toEqual(
    seen.top.map(({ score }) => score).toSorted((a, b) => b - a),
  );
  expect(seen.file?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(new Uint8Array(seen.file?.thumb ?? new ArrayBuffer(0)).slice(0, 2)).toEqual(
    Uint8Array.from([0xff, 0xd8]),
  );
  expect(seen.features).toHaveLength(3);
  await expect(looker.look('b', [], WISH)).resolves.toEqual([]);
  await expect(looker.look('b', await pictures(1), WISH)).rejects.toThrow(/network/);
});

test('a GPU that is lost in the middle costs no picture its answer, and mixes none up', async () => {
  const wish = { ...WISH, size: 16, file: false };
  const looker = createManyLooker(createInference('webgpu'));
  await looker.load('probe', probeNetwork());
  const batches = await Promise.all([0, 10, 20].map((seed) => pictures(seed)));
  const calm = await Promise.all(batches.map((batch) => looker.look('probe', batch, wish)));
  const stormy = batches.map((batch) => looker.look('probe', batch, wish));
  (backend() as unknown as { device: GPUDevice }).device.destroy();
  const again = await Promise.all(stormy);
  expect(again.flat().map(({ key }) => key)).toEqual(calm.flat().map(({ key }) => key));
  again.flat().forEach((one, i) => {
    const before = calm.flat()[i];
    if (one.kind !== 'seen' || before?.kind !== 'seen') expect(one).toEqual(before);
    else
      one.top.forEach(({ output, score }, k) => {
        expect(output).toBe(before.top[k]?.output);
        expect(score).toBeCloseTo(before.top[k]?.score ?? -1, 4);
      });
  });
});
