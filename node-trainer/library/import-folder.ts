import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { NODE_SHARD, type ShardLimits } from '#shared/archive/shards.ts';
import { CANONICAL_SIZE } from '#shared/image/canonical.ts';
import type { Origin, Photo } from '#shared/schema/photo.ts';

import { writeAtomic } from '../io/atomic.ts';
import { sha256 } from '../io/hash.ts';
import { fingerprintOf, labelOf, subClassesOf, uuidFrom } from './class-folders.ts';
import { examine, newPhoto, photoIdOf, type PhotoFacts } from './examine.ts';
import { type ImportReport, knownShards, REPORT_FILE } from './import-report.ts';
import { mapOrdered } from './ordered-map.ts';
import { openPhotoSource, type PhotoFile, type PhotoSource } from './photo-source.ts';
import { openPrepared, type Prepared } from './prepared.ts';
import { LibraryError, type Problem, problemOf } from './problem.ts';
import { otherZips, type OutgoingPhoto, writeExport } from './write-export.ts';

export interface ImportOptions {
  /** Name of the library; default: the name of the folder or zip. */
  readonly name?: string;
  /** Default `real`. */
  readonly origin?: Origin;
  /** Edge of the canonical images; default 299. */
  readonly canonicalSize?: number;
  readonly limits?: ShardLimits;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Makes an export out of a folder or zip of class folders: every photo decoded, made canonical and hashed; bad files
 * and copies are left out and named in the report. A killed import goes on where it was when it is repeated.
 * @param out folder for the shards and `import-report.json`
 * @throws LibraryError or ArchiveRefused where the source can't be used at all; nothing in `out` has changed then
 */
export async function importLibrary(job: {
  readonly source: string;
  readonly out: string;
  readonly options?: ImportOptions;
}): Promise<ImportReport> {
  const { out, options = {} } = job;
  const source = await openPhotoSource(job.source);
  try {
    const before = await knownShards(out);
    const foreign = await otherZips(out, before);
    if (foreign[0] !== undefined) {
      throw new LibraryError(
        `${out} holds other zips already (${foreign[0]}). Choose a folder of its own; nothing was changed.`,
      );
    }
    return await importSource(source, out, options, before);
  } finally {
    await source.close();
  }
}

async function importSource(
  source: PhotoSource,
  out: string,
  options: ImportOptions,
  before: readonly string[],
): Promise<ImportReport> {
  const {
    name = source.name,
    origin = 'real',
    canonicalSize = CANONICAL_SIZE,
    limits = NODE_SHARD,
  } = options;
  await mkdir(out, { recursive: true });
  const key = JSON.stringify([fingerprintOf(source.files), name, origin, canonicalSize]);
  const prepared = await openPrepared(join(out, '.import'), key, new Date().toISOString());
  const found = await prepareAll(source, prepared, { canonicalSize, origin, onProgress: options.onProgress });
  if (found.photos.length === 0) {
    throw new LibraryError(
      `None of the ${source.files.length} files could be used. The first: ${found.skipped[0]?.file ?? ''}: ${found.skipped[0]?.message ?? ''}`,
    );
  }
  const at = prepared.startedAt;
  const file = {
    v: 1 as const,
    name,
    exportId: uuidFrom(
      sha256(new TextEncoder().encode(JSON.stringify([key, at, found.photos.map((p) => p.photo.id)]))),
    ),
    exportedAt: at,
    canonicalSize,
    subClasses: subClassesOf(source.files, at),
    unknownLabels: [],
    mergeRules: [],
    confused: { v: 1 as const, pairs: [] },
    benchmarks: [],
  };
  const shards = await writeExport(out, file, found.photos, limits);
  const report: ImportReport = {
    name,
    photos: found.photos.length,
    subClasses: countBySubClass(found.photos.map((p) => p.photo)),
    skipped: found.skipped,
    duplicates: found.duplicates,
    ignored: source.ignored,
    shards,
  };
  await writeAtomic(join(out, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
  for (const old of before.filter((shard) => !shards.includes(shard)))
    await rm(join(out, old), { force: true });
  await prepared.remove();
  return report;
}

interface Preparation {
  readonly canonicalSize: number;
  readonly origin: Origin;
  readonly onProgress: ImportOptions['onProgress'];
}

interface Found {
  readonly photos: OutgoingPhoto[];
  readonly skipped: Problem[];
  readonly duplicates: ImportReport['duplicates'][number][];
}

/** Works on several files at once, but takes the results in the order of the paths: the outcome is always the same. */
async function prepareAll(source: PhotoSource, prepared: Prepared, how: Preparation): Promise<Found> {
  const found: Found = { photos: [], skipped: [], duplicates: [] };
  const firstPath = new Map<string, string>();
  let done = 0;
  const work = (file: PhotoFile): Promise<Outcome> => prepareOne(file, prepared, how.canonicalSize);
  for await (const { file, facts, problem } of mapOrdered(source.files, work)) {
    how.onProgress?.(++done, source.files.length);
    if (problem) found.skipped.push(problem);
    if (!facts) continue;
    const same = firstPath.get(facts.id);
    if (same !== undefined) {
      found.duplicates.push({ file: file.path, sameAs: same });
      continue;
    }
    firstPath.set(facts.id, file.path);
    const at = prepared.startedAt;
    const label = labelOf(file.folder, at);
    const photo = newPhoto(facts, {
      fileName: file.path,
      source: source.kind,
      label,
      origin: how.origin,
      addedAt: at,
    });
    found.photos.push({ photo, bytes: await prepared.size(facts.id), png: () => prepared.read(facts.id) });
  }
  return found;
}

interface Outcome {
  readonly file: PhotoFile;
  readonly facts?: PhotoFacts;
  readonly problem?: Problem;
}

async function prepareOne(file: PhotoFile, prepared: Prepared, canonicalSize: number): Promise<Outcome> {
  try {
    const bytes = await file.read();
    const known = prepared.find(photoIdOf(bytes));
    if (known) return { file, facts: known };
    const { facts, png } = await examine(bytes, canonicalSize);
    await prepared.add(facts, png);
    return { file, facts };
  } catch (error) {
    return { file, problem: problemOf(file.path, error) };
  }
}

function countBySubClass(photos: readonly Photo[]): ImportReport['subClasses'] {
  const counts = new Map<string, number>();
  for (const { label } of photos) if (label) counts.set(label.id, (counts.get(label.id) ?? 0) + 1);
  return [...counts].map(([id, count]) => ({ id, photos: count }));
}
