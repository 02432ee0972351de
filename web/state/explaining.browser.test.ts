/** What the published version looked at, asked of its worker (P6-20). */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { noise } from '../workers/testing/pictures.ts';
import type { ExplainOptions, ModelState } from './contract.ts';
import { createModel } from './model.svelte.ts';
import { serveStore } from './testing/published.ts';

let model: ModelState;
let picture: Blob;

beforeEach(async () => {
  const store = await serveStore();
  await store.publish(1);
  model = createModel();
  await model.start();
  picture = new Blob([await noise(1)]);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const calm = (): ExplainOptions => ({ progress: () => undefined, signal: new AbortController().signal });

test('the map is of its best guess, or of the class that is asked about, with the score that guests see', async () => {
  const { top, scores, imageUrl } = await model.identify(picture);
  URL.revokeObjectURL(imageUrl);
  const best = await model.explain(picture, null, calm());
  expect(best).toMatchObject({ version: 1, label: { id: top[0]?.label.id }, best: { id: top[0]?.label.id } });
  expect(best.score).toBeCloseTo(top[0]!.score, 5);
  expect(best.map.heat).toHaveLength(best.map.columns * best.map.rows);
  const otter = await model.explain(picture, 'otter', calm());
  expect(otter).toMatchObject({ label: { name: 'Otter' }, best: { id: top[0]?.label.id } });
  expect(otter.score).toBeCloseTo(scores[2]!, 5);
});

test('a guest who wants an answer meanwhile does not wait for the map', async () => {
  const order: string[] = [];
  let guest: Promise<void> | undefined;
  const progress = (done: number): void => {
    if (done === 0) return;
    guest ??= model.identify(picture).then(({ imageUrl }) => {
      URL.revokeObjectURL(imageUrl);
      order.push('guest');
    });
  };
  await model.explain(picture, null, { ...calm(), progress }).then(() => order.push('map'));
  await guest;
  expect(order).toEqual(['guest', 'map']);
});

test('it can be cancelled, and the worker goes on answering', async () => {
  const stop = new AbortController();
  let last = 0;
  const progress = (done: number): void => {
    last = done;
    if (done > 4) stop.abort();
  };
  await expect(model.explain(picture, null, { progress, signal: stop.signal })).rejects.toThrow(/abort/i);
  expect(last).toBeLessThan(20);
  const { imageUrl } = await model.identify(picture);
  URL.revokeObjectURL(imageUrl);
});

test('what it cannot explain is refused in words', async () => {
  await expect(model.explain(picture, 'unicorn', calm())).rejects.toThrow(/Version 1 .* does not know/);
  await expect(model.explain(new Blob(['no photo']), null, calm())).rejects.toThrow(/photo/);
});
