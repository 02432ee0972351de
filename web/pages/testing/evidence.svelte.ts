/** A stand-in for published versions and their scores: small enough to count by hand, figured by the real code. */
import { confusionMatrix } from '#shared/metrics/confusion.ts';
import { classificationReport } from '#shared/metrics/classification.ts';
import { benchmarkSummary } from '#shared/metrics/benchmark-summary.ts';
import { reliabilityBins } from '#shared/metrics/calibration.ts';
import type { Outcomes } from '#shared/metrics/outcomes.ts';
import { rowsWhere } from '#shared/metrics/score-rows.ts';
import { summariseSet } from '#shared/metrics/summary.ts';
import { thresholdReport } from '#shared/metrics/threshold.ts';
import { prepareWhatIf } from '#shared/metrics/what-if.ts';
import type { BenchmarkKind } from '#shared/schema/benchmark.ts';
import { DEFAULT_TARGETS, NOT_JUDGED, type CardGate } from '#shared/schema/gate.ts';
import type { Metrics, Questions, SetMetrics } from '#shared/schema/metrics.ts';
import type { ModelCard } from '#shared/schema/model.ts';
import { labelKey, type ModelVersion, type PhotoId } from '#shared/schema/names.ts';
import type { TrainingFacts } from '#shared/schema/training.ts';

import type {
  EvidenceState,
  OpenScores,
  VersionEvidence,
  VersionsStatus,
} from '../../state/contract-evidence.ts';

/** One photo: column of its class (−1 for none), of the best guess, and how sure that was. */
export type FakeRow = readonly [truth: number, guess: number, score: number];

export interface FakeSet {
  readonly name: string;
  readonly kind: BenchmarkKind | null;
  readonly rows: readonly FakeRow[];
}

const AT = '2026-05-01T09:30:00.000Z';
const HASH = 'ab'.repeat(32);
const THRESHOLD = 0.95;

/** Photos are numbered through all sets, as `photoNamed` of the library's fakes numbers them. */
export function photoAt(row: number): PhotoId {
  return row.toString(16).padStart(64, '0') as PhotoId;
}

/** A model of a few classes that looked at a few photos. */
export class FakeModelData {
  readonly version: number;
  readonly names: readonly string[];
  readonly sets: readonly FakeSet[];
  gate: CardGate = NOT_JUDGED;
  confusedTable = HASH;
  dataSet = HASH;
  /** Without its scores; the reason is for people. */
  withoutScores: string | null = null;

  constructor(version: number, names: readonly string[], sets: readonly FakeSet[]) {
    this.version = version;
    this.names = names;
    this.sets = sets;
  }

  get labels(): { readonly id: ReturnType<typeof labelKey>; readonly name: string }[] {
    return this.names.map((name) => ({ id: labelKey(name), name }));
  }

  outcomes(rows: readonly FakeRow[]): Outcomes {
    return {
      classes: this.names.length,
      truths: Int32Array.from(rows, ([truth]) => truth),
      best: Int32Array.from(rows, ([, guess]) => guess),
      bestScores: Float64Array.from(rows, ([, , score]) => score),
      truthScores: Float64Array.from(rows, ([truth, guess, score]) =>
        truth === -1 ? 0 : truth === guess ? score : 1 - score,
      ),
      ranks: Int32Array.from(rows, ([truth, guess]) => Number(truth !== guess && truth !== -1)),
      epsilon: Number.EPSILON,
    };
  }

  /** First row of a set. */
  from(name: string): number {
    const before = this.sets.slice(
      0,
      this.sets.findIndex((set) => set.name === name),
    );
    return before.reduce((sum, { rows }) => sum + rows.length, 0);
  }

  metrics(): Metrics {
    return {
      v: 2,
      model: 'run',
      threshold: THRESHOLD,
      labels: this.labels,
      confusedTable: this.confusedTable,
      temperature: { kind: 'none', images: 12, reason: 'There are too few validation photos.' },
      speed: null,
      unreadable: 0,
      sets: this.sets.map((set) => this.#setMetrics(set)),
    };
  }

  #setMetrics({ name, kind, rows }: FakeSet): SetMetrics {
    const outcomes = this.outcomes(rows);
    const matrix = confusionMatrix(outcomes);
    const { classes, macro, micro, weighted } = classificationReport(matrix);
    const report = thresholdReport(outcomes, THRESHOLD);
    const { truePositive, falsePositive, below } = report;
    return {
      name,
      benchmark: kind,
      summary: summariseSet(name, outcomes, { threshold: THRESHOLD, weightedLogLoss: 0.5 }),
      top5: 1,
      threshold: report,
      matthewsCorrelation: 0.5,
      classification: {
        macro,
        micro,
        weighted,
        classes: classes.map((one) => ({ ...one, auc: null, averagePrecision: null })),
      },
      ranking: { macroAuc: null, weightedAuc: null, macroAveragePrecision: null },
      calibration: {
        before: {
          logLoss: 0.4,
          calibrationError: 0.1,
          truePositive,
          falsePositive,
          below,
          bins: reliabilityBins(outcomes),
        },
        after: null,
      },
      benchmarkSummary: kind === null ? null : benchmarkSummary(outcomes, THRESHOLD),
      confusion: matrix.cells.map(({ truth, predicted, count }) => [truth, predicted, count]),
      questions: QUESTIONS,
      pictures: rows.flatMap(([truth, guess, score], i) =>
        truth === guess
          ? []
          : {
              photo: photoAt(this.from(name) + i),
              truth: this.labels[truth]?.id ?? null,
              kind: score >= THRESHOLD ? ('sad' as const) : ('wrong' as const),
              top: this.labels.slice(guess, guess + 1).map(({ id }) => ({ label: id, score })),
            },
      ),
    };
  }

  card(): ModelCard {
    return {
      v: 2,
      version: this.version as ModelVersion,
      createdAt: AT,
      publishedAt: AT,
      library: { name: 'City zoo', exportId: 'e', photos: 60 },
      canonicalSize: 299,
      architecture: { name: 'mobilenet-v2', width: 1, parameters: 2_229_874 },
      preprocessing: { size: 224, range: [-1, 1], resize: 'letterbox' },
      threshold: THRESHOLD,
      recipe: 'two-stage',
      options: [['epochs', '4']],
      dataSet: {
        options: {
          minimum: 40,
          maximum: 125,
          stagedCap: 60,
          split: { training: 80, validation: 10, test: 10 },
          seed: 1,
          duplicateDistance: 4,
        },
        sha256: this.dataSet,
        training: 40,
        validation: 10,
        test: 10,
        classes: this.names.length,
        testCovers: this.names.length,
      },
      weights: 'imagenet',
      engine: 'wasm',
      trainingSeconds: 125,
      metrics: this.metrics().sets.map((set) => set.summary),
      gate: this.gate,
      throwAway: false,
      network: { model: 'model.json', labels: 'labels.json' },
      files: [{ path: 'model.json', bytes: 5000, sha256: HASH }],
    };
  }

  scores(): OpenScores {
    const rows = this.sets.flatMap((set) => set.rows);
    const all = this.outcomes(rows);
    const step = prepareWhatIf(
      this.sets.map(({ name, kind, rows: own }) => ({ name, kind, outcomes: this.outcomes(own) })),
      DEFAULT_TARGETS,
    );
    return {
      version: this.version,
      labels: this.labels,
      sets: this.sets.map(({ name, kind, rows: own }) => ({ name, kind, rows: own.length })),
      rows: rows.length,
      threshold: THRESHOLD,
      figures: (threshold) => Promise.resolve(step(threshold)),
      photosOf: (question, limit) => {
        const set = this.sets.find(({ name }) => name === question.set);
        const from = set ? this.from(set.name) : 0;
        const found = rowsWhere(all, { from, to: from + (set?.rows.length ?? rows.length) }, question);
        return Promise.resolve({
          total: found.length,
          photos: Array.from(found.subarray(0, limit), (row) => ({
            row,
            photo: photoAt(row),
            set: question.set ?? '',
            truth: all.truths[row] ?? 0,
            best: all.best[row] ?? 0,
            bestScore: all.bestScores[row] ?? 0,
            truthScore: all.truthScores[row] ?? 0,
          })),
        });
      },
      topOf: () => Promise.resolve([]),
      verdicts: () => {
        const { truths, best, bestScores, truthScores } = all;
        return Promise.resolve({ photos: new Uint8Array(), truths, best, bestScores, truthScores });
      },
      close: () => undefined,
    };
  }
}

const none = { question: 'Which class is it?', answer: 'None.', labels: [] };
const QUESTIONS: Questions = {
  truthsWithMostErrors: { ...none, question: 'Which classes get the most errors?' },
  guessesMostOftenWrong: { ...none, question: 'Which guesses are wrong most often?' },
  easilyConfused: { question: 'Which pairs are confused?', answer: 'None.', pairs: 0, errors: 0, most: [] },
  accuracyWithMinimumScore: { question: 'How accurate are answers?', answer: 'All of them.', value: 1 },
  errorRateAbove: { question: 'How many answers are wrong?', answer: 'None.', value: 0 },
  difficultHighEnough: { question: 'Is “difficult” high enough?', answer: 'Yes.', value: true },
  outOfScopeLowEnough: { question: 'Is “out of scope” low enough?', answer: 'Yes.', value: true },
};

const epoch = (n: number, loss: number, accuracy: number) => ({
  epoch: n,
  loss,
  accuracy,
  validationLoss: loss + 0.1,
  validationAccuracy: accuracy - 0.05,
  learningRate: 0.001 / n,
  seconds: 20,
});

const TRAINING: TrainingFacts = {
  v: 2,
  recipe: 'two-stage',
  architecture: { name: 'mobilenet-v2', width: 1, parameters: 2_229_874 },
  preprocessing: { size: 224, range: [-1, 1], resize: 'letterbox' },
  labels: [],
  weights: 'imagenet',
  engine: 'wasm',
  seconds: 125,
  trainingSeconds: 125,
  bestEpoch: 2,
  phases: [],
  history: [
    { phase: 'head', ...epoch(1, 0.9, 0.6) },
    { phase: 'head', ...epoch(2, 0.4, 0.9) },
  ],
};

/** Versions newest first; the first one is in use. */
export class FakeEvidence implements EvidenceState {
  status = $state.raw<VersionsStatus>({ kind: 'loading' });
  readonly models: readonly FakeModelData[];
  /** What was asked to be opened, in order. */
  readonly opened: unknown[] = [];

  constructor(models: readonly FakeModelData[]) {
    this.models = models;
  }

  refresh = async (): Promise<void> => {
    await Promise.resolve();
    this.status = {
      kind: 'ready',
      versions: this.models.map((model, i) => ({
        version: model.version,
        publishedAt: AT,
        current: i === 0,
        card: { kind: 'given', value: model.card() },
      })),
    };
  };

  evidence: EvidenceState['evidence'] = async (version): Promise<VersionEvidence> => {
    await Promise.resolve();
    const model = this.#find(version);
    return {
      version,
      card: model.card(),
      metrics: { kind: 'given', value: model.metrics() },
      training: { kind: 'given', value: TRAINING },
      scores:
        model.withoutScores === null
          ? { kind: 'given', value: { bytes: 400_000_000 } }
          : { kind: 'absent', reason: model.withoutScores },
    };
  };

  openScores: EvidenceState['openScores'] = async (source, progress, signal) => {
    this.opened.push(source);
    progress(200_000_000, 400_000_000);
    await Promise.resolve();
    signal.throwIfAborted();
    return this.#find(source.kind === 'version' ? source.version : (this.models[0]?.version ?? 0)).scores();
  };

  #find(version: number): FakeModelData {
    const model = this.models.find((one) => one.version === version);
    if (!model) throw new Error(`There is no version ${String(version)}.`);
    return model;
  }
}
