import { spawn } from 'node:child_process';
import { join } from 'node:path';

const CHILD = join(import.meta.dirname, 'child.ts');

/**
 * Starts a job in a process of its own and kills it (SIGKILL) as soon as `reached` says so.
 * @returns whether it was killed in its work; false when it was done before
 */
export async function killWhen(args: readonly string[], reached: () => Promise<boolean>): Promise<boolean> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  let ended = false;
  const end = new Promise<NodeJS.Signals | null>((done) =>
    child.on('exit', (code, signal) => {
      ended = true;
      if (code !== 0 && signal === null) throw new Error(`the job failed by itself: ${errors}`);
      done(signal);
    }),
  );
  while (!ended && !(await reached())) await new Promise((wait) => setTimeout(wait, 2));
  if (!ended) child.kill('SIGKILL');
  return (await end) === 'SIGKILL';
}
