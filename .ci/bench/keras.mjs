// Keras beside us: a Python process that does a job when it is told, so that the two sides take turns.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { ROOT } from '../../node-trainer/bin/install.mjs';

const SCRIPT = join(ROOT, '.ci', 'bench', 'keras_step.py');

/**
 * @returns `versions`, `run(job)` → `seconds` and `cpu` seconds of each repeat, `end()`; null where no Python with Keras is found.
 * MENAGERIE_PYTHON names one.
 */
export async function startKeras() {
  const python = process.env.MENAGERIE_PYTHON ?? 'python3';
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout });
  const gone = new Promise((resolve) => {
    child.once('close', () => resolve(null));
    child.once('error', () => resolve(null));
  });
  const answer = async () => {
    const line = await Promise.race([once(lines, 'line'), gone]);
    return line === null ? null : JSON.parse(line[0]);
  };
  const versions = await answer();
  if (versions === null) return null;
  return {
    versions,
    run: async (job) => {
      child.stdin.write(`${JSON.stringify(job)}\n`);
      const result = await answer();
      if (result === null) throw new Error('Keras ended in the middle of the bench.');
      return result;
    },
    end: () => child.stdin.end(),
  };
}
