import type { PhotoId } from '#shared/schema/names.ts';
import type { Origin } from '#shared/schema/photo.ts';

import { examine, newPhoto, photoIdOf, type PhotoFacts } from './examine.ts';
import type { ImportReport } from './import-report.ts';
import { contradicts, type IncomingFile, labelOfIncoming, unfitFor } from './incoming.ts';
import { mapOrdered } from './ordered-map.ts';
import type { Prepared } from './prepared.ts';
import { type Problem, problemOf } from './problem.ts';
import type { OutgoingPhoto } from './write-export.ts';

/** How photos are made ready. */
export interface Preparation {
  readonly canonicalSize: number;
  readonly origin: Origin;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

/** What came of the files of an import. */
export interface Found {
  readonly photos: OutgoingPhoto[];
  readonly skipped: Problem[];
  readonly duplicates: ImportReport['duplicates'][number][];
  /** By benchmark: its photos, each with the file that it was. */
  readonly members: Map<string, Map<PhotoId, IncomingFile>>;
}

/** Works on several files at once, but takes the results in the order of the paths: the outcome is always the same. */
export async function prepareAll(
  files: readonly IncomingFile[],
  prepared: Prepared,
  how: Preparation,
): Promise<Found> {
  const found: Found = { photos: [], skipped: [], duplicates: [], members: new Map() };
  const firsts = new Map<PhotoId, IncomingFile>();
  let done = 0;
  const work = (file: IncomingFile): Promise<Outcome> => prepareOne(file, prepared, how.canonicalSize);
  for await (const { file, facts, problem } of mapOrdered(files, work)) {
    how.onProgress?.(++done, files.length);
    if (problem) found.skipped.push(problem);
    if (!facts) continue;
    const first = firsts.get(facts.id);
    const contradiction = first && contradicts(file, first);
    if (contradiction) found.skipped.push({ file: file.name, code: 'contradiction', message: contradiction });
    // A photo of the library may be a member of a benchmark, even of several; then it stays one photo.
    else if (file.benchmark ? !enter(found, file.benchmark.id, facts.id, file) : first)
      found.duplicates.push({ file: file.name, sameAs: first?.name ?? file.name });
    if (first) continue;
    firsts.set(facts.id, file);
    const bytes = await prepared.size(facts.id);
    found.photos.push({ ...outgoing(file, facts, prepared, how.origin), bytes });
  }
  return found;
}

/** @returns false where the benchmark has the photo already */
function enter(found: Found, benchmark: string, photo: PhotoId, file: IncomingFile): boolean {
  const members = found.members.get(benchmark) ?? new Map<PhotoId, IncomingFile>();
  found.members.set(benchmark, members);
  if (members.has(photo)) return false;
  members.set(photo, file);
  return true;
}

function outgoing(
  file: IncomingFile,
  facts: PhotoFacts,
  prepared: Prepared,
  origin: Origin,
): Omit<OutgoingPhoto, 'bytes'> {
  const at = prepared.startedAt;
  const photo = newPhoto(facts, {
    fileName: file.name,
    source: file.kind,
    label: labelOfIncoming(file, at),
    // A benchmark is made of what guests really take (P2-18).
    origin: file.benchmark ? 'real' : origin,
    addedAt: at,
  });
  return { photo, png: () => prepared.read(facts.id) };
}

interface Outcome {
  readonly file: IncomingFile;
  readonly facts?: PhotoFacts;
  readonly problem?: Problem;
}

async function prepareOne(file: IncomingFile, prepared: Prepared, canonicalSize: number): Promise<Outcome> {
  const unfit = unfitFor(file);
  if (unfit !== null) return { file, problem: { file: file.name, code: 'no-class-folder', message: unfit } };
  try {
    const bytes = await file.read();
    const known = prepared.find(photoIdOf(bytes));
    if (known) return { file, facts: known };
    const { facts, png } = await examine(bytes, canonicalSize);
    await prepared.add(facts, png);
    return { file, facts };
  } catch (error) {
    return { file, problem: problemOf(file.name, error) };
  }
}
