import { spawn } from 'node:child_process';
import { join } from 'node:path';

const CHILD = join(import.meta.dirname, 'child.ts');

/**
 * Does a job in a process of its own that is killed (SIGKILL) at a moment, see `child.ts`.
 * @param settings of a run, beside those of `TINY`
 * @throws Error where it ended in any other way: then the test would show nothing
 */
export async function killAt(
  moment: string,
  job: readonly [kind: 'import' | 'run', from: string, to: string],
  settings: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const args = ['--import', 'tsx', CHILD, ...job, moment, JSON.stringify(settings)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const signal = await new Promise((done) =>
    child.on('close', (_, by) => {
      done(by);
    }),
  );
  if (signal !== 'SIGKILL') throw new Error(`"${moment}" never came: ${errors || 'the job was done before'}`);
}
