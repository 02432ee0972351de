import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { openDatabase } from '../storage/db.ts';
import { modelDatabase } from '../storage/model-db.ts';
import { readVersion } from '../storage/model-store.ts';
import { noise } from '../workers/testing/pictures.ts';
import type { ModelState } from './contract.ts';
import { createModel } from './model.svelte.ts';
import { serveStore, type Store } from './testing/published.ts';

let store: Store;

beforeEach(async () => {
  store = await serveStore();
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a published version', () => {
  test('is picked up, and answers with its three best guesses and the picture’s own hash', async () => {
    const model = await started();
    expect(model.status).toEqual({ kind: 'none' });
    await expect(model.identify(new Blob(['x']))).rejects.toThrow(/No model is published/);
    await store.publish(1);
    await model.refresh();
    expect(model.status).toMatchObject({ kind: 'ready', version: 1, engine: 'wasm' });
    const answer = await model.identify(new Blob([await noise(1)]));
    expect(answer).toMatchObject({ version: 1, engine: 'wasm', threshold: 0.95, answered: false });
    expect(answer.photo).toMatch(/^[0-9a-f]{64}$/);
    expect(answer.scores.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(answer.top.map((guess) => guess.score)).toEqual(
      answer.scores.toSorted((a, b) => b - a).slice(0, 3),
    );
    URL.revokeObjectURL(answer.imageUrl);
    await expect(model.identify(new Blob(['not a photo']))).rejects.toThrow(/photo/);
  });

  test('works from the device when there is no network', async () => {
    await store.publish(1);
    await started();
    vi.mocked(fetch).mockRejectedValue(new TypeError('Failed to fetch'));
    const offline = await started();
    expect(offline.status).toMatchObject({ kind: 'ready', version: 1 });
    expect((await offline.identify(new Blob([await noise(2)]))).version).toBe(1);
  });

  test('is followed by a newer one, and by an older one when the catalog says so', async () => {
    await store.publish(1);
    const model = await started();
    await store.publish(2);
    await model.refresh();
    expect(model.status).toMatchObject({ kind: 'ready', version: 2 });
    await store.pointTo(1, 3);
    await model.refresh();
    expect(model.status).toMatchObject({ kind: 'ready', version: 1 });
  });
});

describe('a bad version is refused by name while the old one goes on', () => {
  test.each<[string, (store: Store) => Promise<void>, RegExp]>([
    [
      'one byte of the weights flipped on the way',
      async (s) => {
        await s.publish(2);
        const bytes = s.files.get('002/weights.bin')!;
        bytes[10] = (bytes[10] ?? 0) ^ 1;
      },
      /weights\.bin is damaged/,
    ],
    [
      'a missing file',
      async (s) => (await s.publish(2), void s.files.delete('002/labels.json')),
      /labels\.json is missing/,
    ],
    [
      'a file that is cut short',
      async (s) => {
        await s.publish(2);
        s.files.set('002/weights.bin', s.files.get('002/weights.bin')!.slice(0, 100));
      },
      /weights\.bin has 100 bytes/,
    ],
    [
      'a file that never ends',
      async (s) => (await s.publish(2), void s.files.set('002/model.json', new Uint8Array(1 << 20))),
      /model\.json is longer/,
    ],
    [
      'a card that was altered',
      async (s) => {
        await s.publish(2);
        const text = new TextDecoder().decode(s.files.get('002/card.json')).replace('0.95', '0.10');
        s.files.set('002/card.json', new TextEncoder().encode(text));
      },
      /card\.json.*damaged/,
    ],
    [
      'a network that contradicts itself',
      (s) => s.publish(2, (files) => void files.set('weights.bin', files.get('weights.bin')!.slice(4))),
      /weights file/,
    ],
    [
      'a manifest of a newer Menagerie',
      (s) => s.publish(2, (files) => void files.set('labels.json', new TextEncoder().encode('{"v":9}'))),
      /Update Menagerie/,
    ],
    ['an older list of versions, played back', (s) => s.pointTo(1, 0), /older/],
    [
      'a page in place of the list (a captive portal)',
      (s) => Promise.resolve(void s.files.set('catalog.json', new TextEncoder().encode('<!doctype html>'))),
      /catalog\.json/,
    ],
  ])('%s', async (_name, spoil, message) => {
    await store.publish(1);
    const model = await started();
    await spoil(store);
    await model.refresh();
    expect(model.status).toMatchObject({
      kind: 'failed',
      kept: 1,
      message: expect.stringMatching(message) as string,
    });
    expect((await model.identify(new Blob([await noise(3)]))).version).toBe(1);
    await store.publish(3);
    await model.refresh();
    expect(model.status).toMatchObject({ kind: 'ready', version: 3 });
  });
});

test('a version that rotted on the device is noticed by its hash, and the one before is used', async () => {
  await store.publish(1);
  const model = await started();
  await store.publish(2);
  await model.refresh();
  const db = await openDatabase(modelDatabase, () => undefined);
  const stored = (await readVersion(db, 2))!;
  const weights = stored.files.find((file) => file.path === 'weights.bin')!;
  new Uint8Array(weights.bytes)[5]! ^= 1;
  await db.write(['versions'], (tx) => tx.objectStore('versions').put(stored));
  db.close();
  vi.mocked(fetch).mockRejectedValue(new TypeError('Failed to fetch'));
  const offline = await started();
  expect(offline.status).toMatchObject({ kind: 'ready', version: 1 });
  vi.mocked(fetch).mockImplementation(store.fetch);
  await offline.refresh();
  expect(offline.status).toMatchObject({ kind: 'ready', version: 2 });
});

async function started(): Promise<ModelState> {
  const model = createModel();
  await model.start();
  return model;
}
