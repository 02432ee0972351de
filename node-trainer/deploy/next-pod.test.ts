import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { runStages } from '../run.ts';
import { openRun } from '../run/open-run.ts';
import { drawFolders, scratch } from '../testing/shapes.ts';
import { TINY } from '../testing/tiny.ts';

/** What `run.yaml` promises: the run folder is on a volume, the photos in it on the disk of a node that may be lost. */
test('the next pod unpacks the photos again and keeps everything else', async () => {
  const [run, library] = [await scratch(), await drawFolders(await scratch(), 8)];
  const pod = async (): Promise<string> => {
    await runStages(await openRun({ ...TINY, run, library }));
    return readFile(join(run, 'run.log'), 'utf8');
  };
  const before = await pod();
  const weights = await readFile(join(run, 'model', 'network', 'weights.bin'));
  const photos = join(run, 'photos');
  for (const name of await readdir(photos)) await rm(join(photos, name), { recursive: true });
  const log = (await pod()).slice(before.length);
  expect(log).toMatch(/info extract: done/);
  for (const stage of ['train', 'evaluate']) expect(log).toContain(`info ${stage}: already done, kept`);
  expect(await readFile(join(run, 'model', 'network', 'weights.bin'))).toEqual(weights);
});
