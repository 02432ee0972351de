import { join } from 'node:path';

import { versionFolder } from '#shared/schema/names.ts';

import { writeAtomic } from '../../io/atomic.ts';
import type { RunContext, StageResult } from '../../run/context.ts';
import { versionScores } from '../../run/version-scores.ts';
import { readCard } from '../../store/verify.ts';
import { headline, scoreFolder } from './score-folder.ts';
import { summaryText } from './summary.ts';

/**
 * Makes the figures of a published version from its scores of a run's photos, with the run's threshold and
 * commonly-confused table; no network is run. The run's own report shows them beside its own when it is scored next.
 * @param model folder of the version
 * @throws the file system's error where it was not evaluated on this run; VersionDamaged
 */
export async function scoreVersion(run: RunContext, model: string): Promise<StageResult> {
  const { version } = (await readCard(model)).card;
  const { scores, report } = versionScores(run.folder, version);
  const metrics = await scoreFolder(run, scores);
  await writeAtomic(join(report, 'metrics.json'), `${JSON.stringify(metrics)}\n`);
  await writeAtomic(join(report, 'summary.txt'), summaryText(metrics));
  return { version: versionFolder(version), ...headline(metrics), report };
}
