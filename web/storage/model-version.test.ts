import { expect, test } from 'vitest';

import { DEFAULT_DATA_SET_OPTIONS } from '#shared/schema/dataset.ts';

import { sha256 } from '../platform/hash.ts';
import { readCard } from './model-version.ts';

const AT = '2026-01-02T03:04:05.000Z';

/** As Menagerie wrote it before the release gate; phones keep such cards. */
const CARD_V1 = {
  v: 1,
  version: 3,
  createdAt: AT,
  publishedAt: AT,
  library: { name: 'Zoo', exportId: 'e', photos: 1 },
  architecture: { name: 'mobilenet-v2', width: 1, parameters: 3 },
  preprocessing: { size: 224, range: [-1, 1], resize: 'letterbox' },
  threshold: 0.95,
  recipe: 'head-only',
  options: [['seed', '1']],
  dataSet: {
    options: DEFAULT_DATA_SET_OPTIONS,
    sha256: 'a'.repeat(64),
    training: 1,
    validation: 1,
    test: 0,
    classes: 2,
    testCovers: 0,
  },
  weights: 'random',
  engine: 'cpu',
  trainingSeconds: 1.5,
  metrics: [],
  gate: { decision: 'not-checked', reasons: [] },
  throwAway: false,
  network: { model: 'model.json', labels: 'labels.json' },
  files: [],
};

test('a card that lies on a phone since before the release gate is still read, and claims nothing', async () => {
  const bytes = new TextEncoder().encode(JSON.stringify(CARD_V1)).buffer;
  const card = await readCard(bytes, { version: 3, sha256: await sha256(bytes) });
  expect(card.canonicalSize).toBe(299);
  expect(card.gate).toEqual({
    decision: 'not-checked',
    reasons: [],
    comparedWith: null,
    checks: [],
    override: null,
  });
});
