/** A small run's scores, as the trainer writes them. */
import { writeNpy } from '#shared/archive/npy.ts';
import { Sha256 } from '#shared/metrics/sha256.ts';
import type { BenchmarkKind } from '#shared/schema/benchmark.ts';
import type { Metrics, SetMetrics } from '#shared/schema/metrics.ts';
import { labelKey, type PhotoId } from '#shared/schema/names.ts';
import type { ScoresIndex } from '#shared/schema/scores.ts';

const NAMES = ['Lion', 'Lynx', 'Otter', 'Red Panda'];
export const LABELS = NAMES.map((name) => ({ id: labelKey(name), name }));

/** Truth (null: out of scope) and scores of each row; four sets. */
const ROWS: readonly (readonly [number | null, ...number[]])[] = [
  [0, 0.97, 0.01, 0.01, 0.01],
  [1, 0.02, 0.9, 0.04, 0.04],
  [2, 0.6, 0.1, 0.2, 0.1],
  [3, 0.01, 0.01, 0.01, 0.97],
  [1, 0.96, 0.02, 0.01, 0.01],
  [2, 0.25, 0.25, 0.25, 0.25],
  [0, 0.8, 0.1, 0.05, 0.05],
  [1, 0.98, 0.01, 0, 0.01],
  [null, 0.01, 0.01, 0.97, 0.01],
  [null, 0.4, 0.3, 0.2, 0.1],
];
const SETS = [
  { name: 'training', from: 0, to: 4 },
  { name: 'test', from: 4, to: 6 },
  { name: 'benchmark:shade', from: 6, to: 8 },
  { name: 'benchmark:pranks', from: 8, to: 10 },
];
const KINDS: readonly (BenchmarkKind | null)[] = [null, null, 'difficult', 'out-of-scope'];

/** Id of the photo in a row. */
export function photoOf(row: number): PhotoId {
  return row.toString(16).padStart(64, '0') as PhotoId;
}

export interface SmallScores {
  readonly matrix: Uint8Array<ArrayBuffer>;
  readonly index: ScoresIndex;
  readonly metrics: Metrics;
}

export function smallScores(): SmallScores {
  const values = Float32Array.from(ROWS.flatMap(([, ...scores]) => scores));
  const matrix = writeNpy(values, ROWS.length, NAMES.length);
  return {
    matrix,
    index: {
      v: 2,
      model: 'run',
      labels: LABELS.map(({ id }) => id),
      names: NAMES,
      file: 'scores.npy',
      sha256: new Sha256().update(matrix).hex(),
      rows: ROWS.length,
      sets: SETS,
      items: ROWS.map(([truth], row) => ({
        photo: photoOf(row),
        truth: truth === null ? null : (LABELS[truth]?.id ?? null),
      })),
      unreadable: [],
      speed: null,
    },
    metrics: {
      v: 2,
      model: 'run',
      threshold: 0.9,
      labels: LABELS,
      confusedTable: '0'.repeat(64),
      temperature: { kind: 'none', images: 0, reason: 'no validation photos' },
      speed: null,
      unreadable: 0,
      sets: SETS.map(({ name, from, to }, i) => figuresOf(name, to - from, KINDS[i] ?? null)),
    },
  };
}

export function asFile(name: string, content: Uint8Array<ArrayBuffer> | object): File {
  return new File([content instanceof Uint8Array ? content : JSON.stringify(content)], name);
}

/** Figures that say nothing but the kind of the set. */
function figuresOf(name: string, images: number, benchmark: BenchmarkKind | null): SetMetrics {
  const calibration = {
    logLoss: null,
    calibrationError: null,
    truePositive: null,
    falsePositive: null,
    below: null,
    bins: [],
  };
  const [said, value] = [{ question: '?', answer: '.' }, null];
  return {
    name,
    benchmark,
    summary: {
      set: name,
      images,
      accuracy: null,
      top3: null,
      logLoss: null,
      weightedLogLoss: null,
      truePositive: null,
      falsePositive: null,
      below: null,
    },
    top5: null,
    threshold: {
      threshold: 0.9,
      images,
      truePositive: null,
      falsePositive: null,
      below: null,
      accuracyAbove: null,
    },
    matthewsCorrelation: null,
    classification: { macro: null, micro: null, weighted: null, classes: [] },
    ranking: { macroAuc: null, weightedAuc: null, macroAveragePrecision: null },
    calibration: { before: calibration, after: null },
    benchmarkSummary: null,
    confusion: [],
    questions: {
      truthsWithMostErrors: { ...said, labels: [] },
      guessesMostOftenWrong: { ...said, labels: [] },
      easilyConfused: { ...said, pairs: 0, errors: 0, most: [] },
      accuracyWithMinimumScore: { ...said, value },
      errorRateAbove: { ...said, value },
      difficultHighEnough: { ...said, value },
      outOfScopeLowEnough: { ...said, value },
    },
    pictures: [],
  };
}
