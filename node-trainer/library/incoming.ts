import { basename } from 'node:path';

import type { Benchmark, BenchmarkKind } from '#shared/schema/benchmark.ts';
import { labelKey, type LabelId, MAX_NAME, type PhotoId } from '#shared/schema/names.ts';
import type { Label } from '#shared/schema/photo.ts';

import { labelOf } from './class-folders.ts';
import { openPhotoSource, type PhotoFile, type PhotoSource } from './photo-source.ts';
import { LibraryError } from './problem.ts';

/** A folder or zip whose photos become a benchmark (P2-12 … P2-17). */
export interface BenchmarkSource {
  readonly kind: BenchmarkKind;
  readonly path: string;
}

/** A benchmark that is being filled. */
export type OpenBenchmark = Pick<Benchmark, 'id' | 'name' | 'kind'> & { readonly source: PhotoSource };

/** One file that is to come in, with what its place says of it. */
export interface IncomingFile extends PhotoFile {
  /** For people: the path inside its source, behind the benchmark's name. */
  readonly name: string;
  readonly kind: PhotoSource['kind'];
  /** The benchmark it belongs to; null for the library itself. */
  readonly benchmark: OpenBenchmark | null;
}

/**
 * Opens the sources of benchmarks; a benchmark is called like its folder.
 * @throws LibraryError where one can't be used or two have one name; ArchiveRefused for a hostile zip
 */
export async function openBenchmarks(sources: readonly BenchmarkSource[]): Promise<OpenBenchmark[]> {
  const open: OpenBenchmark[] = [];
  try {
    for (const { kind, path } of sources) {
      const source = await openPhotoSource(path);
      const name = basename(source.name).slice(0, MAX_NAME);
      const same = open.find((b) => b.id === labelKey(name));
      open.push({ id: labelKey(name), name, kind, source });
      if (same) {
        throw new LibraryError(
          `Two benchmarks are called "${name}". A benchmark is called like its folder: rename one; nothing was changed.`,
        );
      }
    }
    return open;
  } catch (error) {
    await closeAll(open);
    throw error;
  }
}

export async function closeAll(benchmarks: readonly OpenBenchmark[]): Promise<void> {
  for (const { source } of benchmarks) await source.close();
}

/** The files of the library, then those of each benchmark. */
export function incomingFiles(library: PhotoSource, benchmarks: readonly OpenBenchmark[]): IncomingFile[] {
  const own = library.files.map((f) => ({ ...f, name: f.path, kind: library.kind, benchmark: null }));
  const held = benchmarks.flatMap((benchmark) =>
    benchmark.source.files.map((f) => ({
      ...f,
      // What is out of scope has no name among the classes, whatever folder it lies in.
      folder: benchmark.kind === 'out-of-scope' ? null : f.folder,
      name: `${benchmark.name}/${f.path}`,
      kind: benchmark.source.kind,
      benchmark,
    })),
  );
  return [...own, ...held];
}

/** The label that a file's place gives it. */
export function labelOfIncoming({ folder }: IncomingFile, at: string): Label | null {
  return labelOf(folder, at);
}

/** Why a file can't be a member of its benchmark; null where it can. */
export function unfitFor({ benchmark, folder }: IncomingFile): string | null {
  if (benchmark === null || benchmark.kind === 'out-of-scope' || folder !== null) return null;
  return `It lies in no class folder, so nobody knows what it shows; a ${benchmark.kind} benchmark needs that.`;
}

/** Why a file can't be a member of its benchmark, seen what the same photo is said to show elsewhere; null where it can. */
export function contradicts({ benchmark, folder }: IncomingFile, first: IncomingFile): string | null {
  const [said, own] = [labelOf(first.folder, ''), labelOf(folder, '')];
  if (benchmark === null || said === null || said.id === own?.id) return null;
  return own === null
    ? `It can't be out of scope: the same photo lies in ${first.name}.`
    : `The same photo lies in ${first.name}, so it is not clear what it shows.`;
}

/** Classes of a benchmark that the library itself has no folder of: often a name that is misspelt. */
export function strangersIn(benchmark: Benchmark, library: PhotoSource): LabelId[] {
  const known = new Set(library.files.map(({ folder }) => labelOf(folder, '')?.id));
  const truths = new Set(benchmark.items.map((item) => item.truth));
  return [...truths].filter((truth): truth is LabelId => truth !== null && !known.has(truth));
}

/** Benchmarks with their members, frozen from now on. */
export function frozenBenchmarks(
  benchmarks: readonly OpenBenchmark[],
  members: ReadonlyMap<string, ReadonlyMap<PhotoId, IncomingFile>>,
  at: string,
): Benchmark[] {
  return benchmarks.map(({ id, name, kind }) => ({
    v: 1,
    id,
    name,
    kind,
    frozenAt: at,
    items: [...(members.get(id) ?? [])].map(([photo, file]) => ({
      photo,
      truth: labelOfIncoming(file, at)?.id ?? null,
    })),
  }));
}
