import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Tensor2D, tensor4d } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { networkInput } from '#shared/image/network-input.ts';
import { loadBackbone } from '#shared/model/transfer.ts';
import { useEngine } from '#shared/testing/engines.ts';
import { formulaImages, IMAGES } from '#shared/testing/formula.ts';
import { largestDifference } from '#shared/testing/models.ts';

import { pythonWith } from '../testing/python.ts';
import { openWeights } from './weights-source.ts';

const FIXTURES = join(import.meta.dirname, '../../shared/model/fixtures');
const NEEDED = ['keras', 'tensorflow', 'timm', 'torch', 'safetensors', 'h5py'];
const PYTHON = pythonWith(...NEEDED);
const reason = PYTHON ? '' : ` (skipped: no Python that can import all of ${NEEDED.join(', ')})`;

const CASES = readdirSync(FIXTURES).flatMap((file) => /^(.*)\.json$/.exec(file)?.[1] ?? []);

describe.skipIf(!PYTHON)(`files that Keras and timm write here and now${reason}`, () => {
  let folder = '';
  beforeAll(async () => {
    await useEngine('wasm');
    folder = mkdtempSync(join(tmpdir(), 'menagerie-live-'));
    const script = join(FIXTURES, 'make_fixtures.py');
    const made = spawnSync(PYTHON ?? '', [script, '--files', folder, '--only', ...CASES], {
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(made.stderr);
  }, 600_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(CASES)(
    '%s: the same features from the same file within 1e-4',
    async (name) => {
      const json = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as {
        features: string;
        size: number;
      };
      const file = readdirSync(folder).find((f) => f.startsWith(`${name}.`) && !f.endsWith('.json'));
      const weights = await openWeights(join(folder, file ?? name), {
        models: null,
        architecture: '',
        width: 1,
      });
      const { size } = json;
      const { model, preprocessing } = await loadBackbone(weights!.source, { size });
      const input = tensor4d(networkInput(formulaImages(size), preprocessing), [IMAGES, size, size, 3]);
      const features = model.predict(input) as Tensor2D;
      const expected = new Float32Array(new Uint8Array(Buffer.from(json.features, 'base64')).buffer);
      expect(largestDifference(await features.data(), expected)).toBeLessThan(1e-4);
      for (const t of [input, features, model]) t.dispose();
    },
    60_000,
  );
});
