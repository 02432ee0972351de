import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createKeptVersions } from './kept-versions.ts';
import { createModel } from './model.svelte.ts';
import { serveStore, type Store } from './testing/published.ts';

let store: Store;

beforeEach(async () => {
  store = await serveStore();
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** This device takes over what the server offers, as a guest's would. */
async function takeOver(): Promise<void> {
  await createModel().start();
}

test('nothing published: nothing to look with, said in words', async () => {
  expect(await createKeptVersions().list()).toEqual([]);
  await expect(createKeptVersions().open(null)).rejects.toThrow(/No model is published yet/);
});

test('any version of the server can be had; the one that guests get is the one in use here', async () => {
  await store.publish(1);
  await takeOver();
  await store.publish(2);
  const versions = createKeptVersions();
  expect((await versions.list()).map(({ version, current }) => [version, current])).toEqual([
    [2, false],
    [1, true],
  ]);
  expect(await versions.open(null)).toMatchObject({ version: 1, current: true });
  const second = await versions.open(2);
  expect(second).toMatchObject({ version: 2, current: false, canonicalSize: 299 });
  expect(second.network).toMatch(/^[0-9a-f]{64}$/);
});

test('without a network the versions of this device still work', async () => {
  await store.publish(1);
  await takeOver();
  vi.mocked(fetch).mockRejectedValue(new TypeError('Failed to fetch'));
  const versions = createKeptVersions();
  expect(await versions.list()).toMatchObject([{ version: 1, current: true }]);
  expect(await versions.open(1)).toMatchObject({ version: 1, current: true });
  await expect(versions.open(2)).rejects.toThrow(/cannot be reached/);
});

test('a byte that changed on the way, and a list older than one seen before, are refused', async () => {
  await store.publish(1);
  await takeOver();
  await store.publish(2);
  const weights = store.files.get('002/weights.bin');
  if (weights) weights[7] = (weights[7] ?? 0) ^ 1;
  await expect(createKeptVersions().open(2)).rejects.toThrow(/weights\.bin is damaged/);
  await store.pointTo(1, 0);
  await expect(createKeptVersions().open(2)).rejects.toThrow(/older/);
});
