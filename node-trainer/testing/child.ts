/**
 * Does one job in a process of its own that kills itself (SIGKILL) at a moment: `child.ts import <source> <out> <moment>`
 * or `child.ts run <library> <run> <moment> [settings as JSON]`. A moment is a line that is said, or `<work> <done>` of
 * its progress.
 */
import { importLibrary } from '../library/import-folder.ts';
import { runStages } from '../run.ts';
import type { Listener } from '../run/log.ts';
import { openRun } from '../run/open-run.ts';
import { TINY } from './tiny.ts';

const [job, from = '', to = '', moment, settings = '{}'] = process.argv.slice(2);
const dieAt = (now: string): void => {
  if (now === moment) process.kill(process.pid, 'SIGKILL');
};
const listener: Listener = {
  say: dieAt,
  progress: (what, done) => {
    dieAt(`${what} ${done}`);
  },
};

if (job === 'import') {
  const onProgress = (done: number, total: number): void => {
    listener.progress('import', done, total);
  };
  await importLibrary({ source: from, out: to, options: { onProgress } });
} else {
  const flags = { ...TINY.flags, ...(JSON.parse(settings) as Record<string, unknown>) };
  await runStages(await openRun({ ...TINY, flags, run: to, library: from, listener }));
}
