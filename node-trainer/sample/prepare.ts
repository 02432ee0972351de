import { spawn } from 'node:child_process';
import { access, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { writeAtomic } from '../io/atomic.ts';
import { sha256 } from '../io/hash.ts';
import { drawSampleLibrary } from './library.ts';

const CLI = resolve(import.meta.dirname, '..', 'bin', 'menagerie.mjs');
const BACKBONE = resolve(import.meta.dirname, 'backbone');
/**
 * Modest on purpose: with the usual settings this tiny network answers to 3 of the 24 strangers of its own benchmark, and
 * the release gate says no; with these to none, and to a third of the animals it knows.
 */
const SETTINGS = ['--weight-decay', '1', '--label-smoothing', '0.05'];

/** What the app offers as sample library, in `<data>/sample/index.json`. */
export interface SampleIndex {
  readonly shards: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

/**
 * Gives a newcomer something to see: the drawn sample library in `<data>/sample` and, where no version is published
 * yet, a small model trained on it. What is there already is kept, so a killed start goes on where it was.
 * @throws Error with the trainer's own words when the training fails
 */
export async function prepareSample(job: {
  readonly data: string;
  readonly models: string;
  readonly log: (line: string) => void;
}): Promise<void> {
  const sample = join(job.data, 'sample');
  if (!(await exists(join(sample, 'index.json')))) {
    job.log('Drawing a small sample zoo …');
    await drawInto(sample, job.log);
  }
  if (await exists(join(job.models, 'catalog.json'))) return;
  job.log('Training a small model on it …');
  await train(sample, join(job.data, 'sample-run'), job.models);
}

/** Lists the shards of a folder, so that the app can fetch and verify them. Written last: with it, the sample is whole. */
export async function writeIndex(folder: string, shards: readonly string[]): Promise<void> {
  const index: SampleIndex = { shards: await Promise.all(shards.map((name) => describe(folder, name))) };
  await writeAtomic(join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
}

async function drawInto(sample: string, log: (line: string) => void): Promise<void> {
  const aside = `${sample}.part`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  await writeIndex(aside, await drawSampleLibrary(aside, log));
  await rm(sample, { recursive: true, force: true });
  await rename(aside, sample);
}

async function describe(folder: string, name: string): Promise<SampleIndex['shards'][number]> {
  const path = join(folder, name);
  return { name, bytes: (await stat(path)).size, sha256: sha256(await readFile(path)) };
}

/** Through the command line, exactly as an engineer would. */
async function train(library: string, run: string, models: string): Promise<void> {
  const places = ['--library', library, '--run', run, '--models', models];
  const child = spawn(process.execPath, [CLI, 'run', ...places, '--weights', BACKBONE, ...SETTINGS], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (code !== 0)
    throw new Error(`The sample model could not be trained (see above; the log is ${join(run, 'run.log')}).`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
