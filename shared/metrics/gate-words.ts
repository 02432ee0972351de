import type { BenchmarkKind } from '../schema/benchmark.ts';

/** `Difficult benchmark “Cheetah in the shade”`; control characters of a name stay out of people's terminals. */
export function benchmarkName(kind: BenchmarkKind, title: string): string {
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} benchmark “${title.replace(/\p{C}/gu, ' ')}”`;
}

/** 0.72 of 25 photos → `72.0 % (18 of 25)`. */
export function sharePercent(share: number, images: number, noun: string): string {
  return `${(share * 100).toFixed(1)} % ${noun} (${Math.round(share * images)} of ${images})`;
}

/** A target as it was written: 0.8 → `80 %`, 0.125 → `12.5 %`. */
export function targetPercent(share: number): string {
  return `${Number((share * 100).toPrecision(12))} %`;
}

/** `1 photo`, `12 photos`. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** A sentence as long as a record may hold it. */
export function bounded(sentence: string): string {
  return sentence.length > 1000 ? `${sentence.slice(0, 999)}…` : sentence;
}
