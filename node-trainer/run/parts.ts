import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseJson } from '#shared/schema/json.ts';
import { type Part, partRecord } from '#shared/schema/part.ts';

import { sha256File } from '../io/hash.ts';
import { type FileStore, hashStored, readText } from '../io/store.ts';
import { FileStoreError } from '../io/store-key.ts';
import { partName, type Rows, rowsOf, type Shard } from './shard.ts';

/** The work on one shard. */
export interface PartJob extends Pick<Part, 'work' | 'model' | 'threshold' | 'input'> {
  readonly shard: Shard;
  readonly ending: 'ndjson' | 'npy';
  /** Writes the rows of the shard to a local file. */
  readonly write: (path: string, rows: Rows) => Promise<Pick<Part, 'rows' | 'leftOut' | 'engine'>>;
}

/**
 * Does the work on a shard, unless it is already there and whole. Rows are written aside, stored under a name that holds
 * their hash, and the manifest comes last: whoever is killed leaves no half part, and two machines that happen to do the
 * same shard leave one.
 * @throws what `write` or the store throws
 */
export async function performPart(
  store: FileStore,
  job: PartJob,
): Promise<{ readonly part: Part; readonly kept: boolean }> {
  const before = await readPart(store, `${partName(job.shard)}.json`).catch(() => null);
  if (before && isSameWork(before, job) && (await faultOf(store, before)) === null)
    return { part: before, kept: true };
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-part-'));
  try {
    return { part: await makePart(store, job, folder), kept: false };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makePart(store: FileStore, job: PartJob, folder: string): Promise<Part> {
  const { work, model, threshold, input, shard, ending } = job;
  const path = join(folder, 'rows');
  const range = rowsOf(shard, input.rows);
  const start = performance.now();
  const { rows, leftOut, engine } = await job.write(path, range);
  const [hash, { size }] = [await sha256File(path), await stat(path)];
  const file = { name: `${partName(shard)}-${hash.slice(0, 12)}.${ending}`, bytes: size, sha256: hash };
  const seconds = Math.round(performance.now() - start) / 1000;
  const finishedAt = new Date().toISOString();
  const part: Part = {
    v: 1,
    ...{ work, model, threshold, shard, input, ...range, rows, leftOut, file, engine, seconds, finishedAt },
  };
  await store.put(file.name, path);
  const manifest = join(folder, 'manifest');
  await writeFile(manifest, `${JSON.stringify(part, null, 2)}\n`);
  await store.put(`${partName(shard)}.json`, manifest);
  return part;
}

/** A manifest in a store. @throws FileStoreError, JsonError, RecordError naming it */
export async function readPart(store: FileStore, key: string): Promise<Part> {
  const where = `${key} in ${store.place}`;
  return partRecord.read(parseJson(await readText(store, key), where), where);
}

/** What is wrong with the rows that a manifest speaks of; null when they are whole. */
export async function faultOf(store: FileStore, { file }: Part): Promise<string | null> {
  try {
    const found = await hashStored(store, file.name);
    if (found.bytes === file.bytes && found.sha256 === file.sha256) return null;
    return `${file.name} is damaged: it is not what was written`;
  } catch (error) {
    if (error instanceof FileStoreError && error.fault === 'missing') return `${file.name} is missing`;
    throw error;
  }
}

/** Would the same work give the same rows? */
function isSameWork(part: Part, { work, model, threshold, input, shard }: PartJob): boolean {
  const facts = (p: Pick<Part, 'work' | 'model' | 'threshold' | 'input' | 'shard'>): string =>
    JSON.stringify([
      ...[p.work, p.model.version, p.model.sha256, p.threshold, p.input.rows, p.input.sha256],
      ...[p.shard.index, p.shard.of],
    ]);
  return facts(part) === facts({ work, model, threshold, input, shard });
}
