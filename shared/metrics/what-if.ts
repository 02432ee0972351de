import type { BenchmarkKind } from '../schema/benchmark.ts';
import type { GateCheck, Targets } from '../schema/gate.ts';
import { isAnswer } from '../schema/names.ts';
import { type BenchmarkSummary, benchmarkSummary } from './benchmark-summary.ts';
import { benchmarkChecks } from './gate-benchmarks.ts';
import type { SetFigures } from './gate-figures.ts';
import { type Outcomes, tallySupport } from './outcomes.ts';
import { OUT_OF_SCOPE } from './score-table.ts';
import { summariseSet } from './summary.ts';
import { thresholdReport, type ThresholdReport } from './threshold.ts';

/** What would be answered of each class, by column. */
export interface ClassAnswers {
  /** Photos that show the class. */
  readonly support: Int32Array<ArrayBuffer>;
  /** Of these: answered right, answered wrong; the others are not answered. */
  readonly right: Int32Array<ArrayBuffer>;
  readonly wrong: Int32Array<ArrayBuffer>;
  /** Answers that name the class, whatever the photo shows; `right / answers` is their precision. */
  readonly answers: Int32Array<ArrayBuffer>;
}

/** Wrong answers by what is shown and what was said, most frequent first. */
export interface WrongAnswers {
  /** Column of the true class; `OUT_OF_SCOPE` (−1) for a photo that shows none (P3-27). */
  readonly truths: Int32Array<ArrayBuffer>;
  readonly guesses: Int32Array<ArrayBuffer>;
  readonly counts: Int32Array<ArrayBuffer>;
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

/** A set whose scores were looked at. */
export interface OutcomeSet {
  readonly name: string;
  readonly kind: BenchmarkKind | null;
  readonly outcomes: Outcomes;
}

/**
 * Prepares what does not depend on the threshold, so that a step takes some milliseconds however many photos there are.
 * The figures are those of `thresholdReport`, `benchmarkSummary` and the release gate.
 * @returns everything at a threshold, 0 … 1
 */
export function prepareWhatIf(sets: readonly OutcomeSet[], targets: Targets): (threshold: number) => WhatIf {
  const prepared = sets.map(prepareSet);
  return (threshold) => {
    const stepped = prepared.map((step) => step(threshold));
    const figures = { sets: stepped.map(({ figures }) => figures) };
    const checks = benchmarkChecks(figures, () => null, targets);
    return {
      threshold,
      sets: stepped.map(({ set }) => set),
      // A kind without photos has nothing that a threshold could change.
      checks: checks.filter(({ check }) => check !== 'benchmark-missing'),
    };
  };
}

type SetStep = (threshold: number) => { readonly set: SetAtThreshold; readonly figures: SetFigures };

function prepareSet({ name, kind, outcomes }: OutcomeSet): SetStep {
  const summary = summariseSet(name, outcomes, { threshold: 1, weightedLogLoss: null });
  const support = tallySupport(outcomes);
  const pairs = wrongPairs(outcomes);
  return (threshold) => {
    const report = thresholdReport(outcomes, threshold);
    const spread = kind === null ? null : benchmarkSummary(outcomes, threshold);
    const { classes, counts } = answersAt(outcomes, pairs, threshold);
    const wrongAnswers = mostFrequent(pairs, counts);
    const { truePositive, falsePositive, below } = report;
    return {
      set: { name, kind, report, classes: { support: support.slice(), ...classes }, wrongAnswers, spread },
      figures: {
        name,
        title: name.replace(/^benchmark:/, ''),
        benchmark: kind,
        summary: { ...summary, truePositive, falsePositive, below },
        spread,
        pictures: '',
      },
    };
  };
}

/** Every pair of truth and wrong guess that occurs at all, by truth and guess. */
interface WrongPairs {
  readonly truths: Int32Array;
  readonly guesses: Int32Array;
  /** Place of each row's pair; −1 where the best guess is right. */
  readonly ofRow: Int32Array;
}

function wrongPairs({ classes, truths, best }: Outcomes): WrongPairs {
  const cellOf = (row: number): number => (truths[row] ?? 0) * classes + (best[row] ?? 0);
  const isWrong = (row: number): boolean => truths[row] !== best[row];
  const found = new Set<number>();
  for (let row = 0; row < truths.length; row++) if (isWrong(row)) found.add(cellOf(row));
  const cells = [...found].sort((a, b) => a - b);
  const places = new Map(cells.map((cell, place) => [cell, place]));
  return {
    truths: Int32Array.from(cells, (cell) => Math.floor(cell / classes)),
    guesses: Int32Array.from(cells, (cell) => cell - Math.floor(cell / classes) * classes),
    ofRow: Int32Array.from(truths, (_, row) => (isWrong(row) ? (places.get(cellOf(row)) ?? -1) : -1)),
  };
}

function answersAt(
  { classes, truths, best, bestScores }: Outcomes,
  pairs: WrongPairs,
  threshold: number,
): { readonly classes: Omit<ClassAnswers, 'support'>; readonly counts: Int32Array } {
  const [right, wrong] = [new Int32Array(classes), new Int32Array(classes)];
  const [answers, counts] = [new Int32Array(classes), new Int32Array(pairs.truths.length)];
  const add = (tally: Int32Array, at: number): void => {
    tally[at] = (tally[at] ?? 0) + 1;
  };
  for (let row = 0; row < truths.length; row++) {
    if (!isAnswer(bestScores[row] ?? 0, threshold)) continue;
    const [truth, guess, pair] = [truths[row] ?? 0, best[row] ?? 0, pairs.ofRow[row] ?? -1];
    add(answers, guess);
    if (pair === -1) add(right, truth);
    else {
      add(counts, pair);
      if (truth !== OUT_OF_SCOPE) add(wrong, truth);
    }
  }
  return { classes: { right, wrong, answers }, counts };
}

/** Pairs that occur, most frequent first, then by truth and guess. */
function mostFrequent({ truths, guesses }: WrongPairs, counts: Int32Array): WrongAnswers {
  // One number for both keys: typed arrays of numbers are sorted without a function to call.
  const pairs = counts.length;
  const keys = new Float64Array(pairs);
  let found = 0;
  counts.forEach((count, pair) => {
    if (count > 0) keys[found++] = count * pairs + (pairs - 1 - pair);
  });
  const order = Int32Array.from(keys.subarray(0, found).sort().reverse(), (key) => pairs - 1 - (key % pairs));
  const of = (values: Int32Array): Int32Array<ArrayBuffer> => order.map((pair) => values[pair] ?? 0);
  return { truths: of(truths), guesses: of(guesses), counts: of(counts) };
}
