/** Does one job in a process of its own, so that a test can kill it: `child.ts import <source> <out>` or `run <library> <run>`. */
import { importLibrary } from '../library/import-folder.ts';
import { runStages } from '../run.ts';
import { TINY } from './tiny.ts';
import { openRun } from '../run/open-run.ts';

const [job, from = '', to = ''] = process.argv.slice(2);
if (job === 'import') await importLibrary({ source: from, out: to });
else await runStages(await openRun({ ...TINY, run: to, library: from }));
