/** Benchmarks as acts (P2-12 … P2-18): a frozen one changes only after it was opened. */
import type { Benchmark, BenchmarkKind } from '#shared/schema/benchmark.ts';
import { labelKey } from '#shared/schema/names.ts';
import type { Photo } from '#shared/schema/photo.ts';

import type { LibraryState, PartEdit } from '../../../state/contract.ts';

type Parts = Pick<LibraryState, 'changeParts'>;

export function emptyBenchmark(name: string, kind: BenchmarkKind): Benchmark {
  const shown = name.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return { v: 1, id: labelKey(shown), name: shown, kind, frozenAt: null, items: [] };
}

/** With these photos too; each shows what it is labelled with, or is out of scope where nobody said so. */
export function withPhotos(benchmark: Benchmark, photos: readonly Photo[]): Benchmark {
  const there = new Set(benchmark.items.map((i) => i.photo));
  const fresh = photos
    .filter((p) => !there.has(p.id))
    .map(({ id, label }) => ({ photo: id, truth: label?.kind === 'sub-class' ? label.id : null }));
  return { ...benchmark, items: [...benchmark.items, ...fresh] };
}

export function withoutPhotos(benchmark: Benchmark, gone: (photo: string) => boolean): Benchmark {
  return { ...benchmark, items: benchmark.items.filter((i) => !gone(i.photo)) };
}

/**
 * @param photos how many it is about, for the words
 * @param also what is decided in the same act
 */
export function keepBenchmark(
  library: Parts,
  benchmark: Benchmark,
  photos = 0,
  also: readonly PartEdit[] = [],
): Promise<void> {
  return library.changeParts({ kind: 'benchmark', name: benchmark.name, photos }, [
    { store: 'benchmarks', key: benchmark.id, after: benchmark },
    ...also,
  ]);
}

export function dropBenchmark(library: Parts, { id, name }: Benchmark): Promise<void> {
  return library.changeParts({ kind: 'benchmark', name, photos: 0 }, [
    { store: 'benchmarks', key: id, after: null },
  ]);
}
