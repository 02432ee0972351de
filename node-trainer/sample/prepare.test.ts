import { join } from 'node:path';

import { expect, test } from 'vitest';

import { readCatalog, versionPath } from '../store/catalog.ts';
import { verifyVersion } from '../store/verify.ts';
import { scratch } from '../testing/shapes.ts';
import { prepareSample } from './prepare.ts';

test('a first start ends with a model that the release gate let through, and a second one draws nothing', async () => {
  const data = await scratch();
  const models = join(data, 'models');
  const said: string[] = [];
  const job = { data, models, log: (line: string) => void said.push(line) };
  await prepareSample(job);
  const { current } = await readCatalog(models);
  expect(current).toBe(1);
  const { card } = await verifyVersion(versionPath(models, 1));
  expect(card.gate).toMatchObject({ decision: 'go', override: null });

  said.length = 0;
  await prepareSample(job);
  expect(said).toEqual([]);
}, 240_000);
