import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { scoresRecord } from '#shared/schema/scores.ts';

import { openRun } from '../../run/open-run.ts';
import { publishRun } from '../../run/publish-run.ts';
import { runStages } from '../../run.ts';
import { drawFolders, scratch } from '../../testing/shapes.ts';
import { TINY } from '../../testing/tiny.ts';
import { score } from '../score.ts';
import { scoreVersion } from '../score/version.ts';
import { evaluateVersion } from './version.ts';

test("P5-19: a published version looks at a later run's photos; what it does not know is out of scope for it", async () => {
  const [older, later, models] = [await scratch(), await scratch(), await scratch()];
  const warnings: string[] = [];
  const listener = { ...TINY.listener, say: (line: string) => warnings.push(line) };
  const before = await drawFolders(await scratch(), 8, ['circle', 'square']);
  const earlier = await openRun({ ...TINY, run: older, library: before });
  await runStages(earlier);
  const { folder: version } = await publishRun({ run: older, models, log: earlier.log });
  const library = await drawFolders(await scratch(), 8);
  const run = await openRun({ ...TINY, run: later, library, listener });
  await runStages(run);

  const facts = await evaluateVersion(run, version);
  expect(facts).toMatchObject({ version: '001', images: 24, unreadable: 0, outOfScopeForIt: 8 });
  expect(warnings.join('\n')).toContain('8 photos count as out of scope for it (stripes)');
  const path = join(later, 'scores-001', 'index.json');
  const index = scoresRecord.read(JSON.parse(await readFile(path, 'utf8')), path);
  expect(index).toMatchObject({ model: '001', labels: ['circle', 'square'], speed: { engine: 'cpu' } });

  await scoreVersion(run, version);
  await score(run);
  const page = await readFile(join(later, 'report', 'report.html'), 'utf8');
  expect(page).toContain('Version 001');
});
