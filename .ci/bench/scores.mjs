// Scores at scale (P5-21): 1 000 classes × 100 000 images are written by a real network and turned into all figures,
// each in a process of its own whose memory is measured.
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHILD = join(import.meta.dirname, 'scores.child.mjs');

/** @returns rows for the table: what, figure, unit, goal */
export async function benchScores(images = 100_000, classes = 1000) {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-bench-'));
  try {
    const size = `${images / 1000} 000 images × ${classes} classes`;
    const written = await inChild('evaluate', { folder, images, classes });
    await inChild('generate', { folder, images, classes });
    const scored = await inChild('score', { folder });
    return [
      [`${size}: evaluate, peak memory`, written.mebibytes, 'MiB', '≤ 1536'],
      [`${size}: evaluate with a tiny network`, written.seconds, 's'],
      [`${size}: score, peak memory`, scored.mebibytes, 'MiB', '≤ 1536'],
      [`${size}: score, all figures`, scored.seconds, 's'],
      ['metrics.json', scored.bytes / 2 ** 20, 'MiB'],
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a task of `scores.child.mjs` in a process of its own. */
export function inChild(task, job) {
  return new Promise((done, fail) => {
    const child = fork(CHILD, [task, JSON.stringify(job)], {
      execArgv: ['--import', import.meta.resolve('tsx')],
    });
    let answer = null;
    child.on('message', (message) => (answer = message));
    child.on('exit', (code) => (answer ? done(answer) : fail(new Error(`${task} ended with ${code}`))));
  });
}
