import type { BenchmarkKind } from '../schema/benchmark.ts';
import type { GateCheck } from '../schema/gate.ts';
import type { BenchmarkSummary } from './benchmark-summary.ts';
import type { ThresholdReport } from './threshold.ts';

/** What would be answered of each class, by column. Every photo of the set counts. */
export interface ClassAnswers {
  /** Photos that show the class. */
  readonly support: Int32Array;
  /** Of these: answered right, answered wrong; the others are not answered. */
  readonly right: Int32Array;
  readonly wrong: Int32Array;
  /** Answers that name the class, whatever the photo shows; `right / answers` is their precision. */
  readonly answers: Int32Array;
}

/** Wrong answers by what is shown and what was said, most frequent first. */
export interface WrongAnswers {
  /** Column of the true class; `OUT_OF_SCOPE` (−1) for a photo that shows none (P3-27). */
  readonly truths: Int32Array;
  readonly guesses: Int32Array;
  readonly counts: Int32Array;
}

/** One set of photos at a threshold. */
export interface SetAtThreshold {
  /** `training`, `validation`, `test` or `benchmark:<id>`. */
  readonly name: string;
  readonly kind: BenchmarkKind | null;
  /** Happy, sad and asked again, as shares of all photos (P3-20 … P3-23). */
  readonly report: ThresholdReport;
  readonly classes: ClassAnswers;
  readonly wrongAnswers: WrongAnswers;
  /** How the scores of a benchmark spread; null for other sets. */
  readonly spread: BenchmarkSummary | null;
}

/** Everything that a threshold decides. */
export interface WhatIf {
  readonly threshold: number;
  readonly sets: readonly SetAtThreshold[];
  /** The release gate's questions of the benchmarks (P3-24 … P3-26). */
  readonly checks: readonly GateCheck[];
}
