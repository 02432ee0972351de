import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { identifyPhotos } from '../run/identify-photos.ts';
import { mergeTable } from '../run/merge-table.ts';
import { WHOLE_TABLE } from '../run/table-view.ts';
import { drawColours } from '../testing/colours.ts';
import { runIndexedJob } from '../testing/indexed-job.ts';
import { type Job, readJob } from '../testing/manifests.ts';
import { scratch } from '../testing/shapes.ts';
import { tinyVersion } from '../testing/tiny-version.ts';

/** The job of the manifest with fewer shards, so that a test stays short. */
function smaller(shards: number): Job {
  const job = readJob('identify.yaml');
  const { spec } = job;
  const [container] = spec.template.spec.containers;
  const args = [...container.args];
  args[args.indexOf('--shards') + 1] = String(shards);
  const template = {
    spec: { ...spec.template.spec, containers: [{ ...container, args }] as [typeof container] },
  };
  return { ...job, spec: { ...spec, completions: shards, parallelism: 2, template } };
}

describe('the Indexed Job of the manifest, with processes for pods', () => {
  test('one pod is killed in the middle and starts again: nothing is missing, nothing doubled', async () => {
    const root = await scratch();
    const photos = await drawColours(join(root, 'library'), 400);
    const model = await tinyVersion(join(root, 'models', '007'));
    const { pods, failedIndexes } = await runIndexedJob(smaller(4), root, ({ index, attempt, child }) => {
      if (index !== 1 || attempt > 0) return;
      child.stderr?.on('data', (chunk: Buffer) => {
        if (/identify: (?!0 )\d+ of 100/.test(chunk.toString())) child.kill('SIGKILL');
      });
    });
    expect(failedIndexes).toEqual([]);
    expect(pods.filter((pod) => pod.index === 1).map((pod) => pod.signal ?? pod.code)).toEqual([
      'SIGKILL',
      0,
    ]);
    const [out, alone] = [join(root, 'table.ndjson'), join(root, 'alone.ndjson')];
    const merged = await mergeTable(join(root, 'answers', '2026-11'), out, WHOLE_TABLE);
    expect(merged).toMatchObject({ parts: 4, photos: 400, identified: 400, model: 7 });
    await identifyPhotos({ source: photos, model, out: alone, engine: 'cpu', onProgress: () => undefined });
    expect(await readFile(out, 'utf8')).toBe(await readFile(alone, 'utf8'));
  });

  test('bad input ends every index after one try: exit code 3', async () => {
    const root = await scratch();
    await drawColours(join(root, 'library'), 4);
    const model = await tinyVersion(join(root, 'models', '007'));
    await writeFile(join(model, 'weights.bin'), 'damaged');
    const { pods, failedIndexes } = await runIndexedJob(smaller(2), root);
    expect(pods.map((pod) => pod.code)).toEqual([3, 3]);
    expect(pods[0]?.stderr).toMatch(/weights\.bin is damaged/);
    expect([...failedIndexes].sort()).toEqual([0, 1]);
  });
});
