import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { scratch } from '../../testing/shapes.ts';
import { openFeatureCache } from './feature-cache.ts';

const [A, B, C] = ['aa'.repeat(32), 'bb'.repeat(32), 'cc'.repeat(32)];

async function filled(): Promise<string> {
  const path = join(await scratch(), 'features.bin');
  const cache = await openFeatureCache(path, 3);
  await cache.add([A, B], Float32Array.of(1, 2, 3, 4, 5, 6));
  await cache.close();
  return path;
}

test('what was added is found again, in the order asked for', async () => {
  const cache = await openFeatureCache(await filled(), 3);
  expect([A, B, C].map(cache.has)).toEqual([true, true, false]);
  expect([...(await cache.read([B, A]))]).toEqual([4, 5, 6, 1, 2, 3]);
  await expect(cache.read([C])).rejects.toThrow(C);
  await cache.close();
});

test('a record torn by a kill is dropped, and what is added after it is found', async () => {
  const path = await filled();
  await appendFile(path, 'torn');
  const cache = await openFeatureCache(path, 3);
  await cache.add([C], Float32Array.of(7, 8, 9));
  expect([...(await cache.read([C, A]))]).toEqual([7, 8, 9, 1, 2, 3]);
  await cache.close();
  const again = await openFeatureCache(path, 3);
  expect([...(await again.read([C]))]).toEqual([7, 8, 9]);
  await again.close();
});

test('a damaged record is made again, the others stay', async () => {
  const path = await filled();
  const bytes = await readFile(path);
  bytes[40]! ^= 1;
  await writeFile(path, bytes);
  const cache = await openFeatureCache(path, 3);
  expect([cache.has(A), cache.has(B)]).toEqual([false, true]);
  await cache.close();
});
