import * as v from 'valibot';

import { BENCHMARK_KINDS } from './benchmark.ts';
import { SpreadSchema } from './gate.ts';
import { upFromVersion1 } from './metrics-v1.ts';
import { SetSummarySchema } from './model.ts';
import { Count, DisplayName, LabelId, PhotoId, Score, Sha256 } from './names.ts';
import { defineRecord } from './record.ts';

/** Null where a set cannot say. */
const Figure = v.nullable(v.number());
const Text = v.pipe(v.string(), v.maxLength(4000));

const Means = v.nullable(v.object({ precision: v.number(), recall: v.number(), f1: v.number() }));

/** One class in one set, in the order of `labels`. */
const ClassFiguresSchema = v.object({
  /** Images that show the class. */
  support: Count,
  precision: v.number(),
  recall: v.number(),
  f1: v.number(),
  auc: Figure,
  averagePrecision: Figure,
});

/** How far the scores of a set can be read as probabilities, and what is answered at the threshold. */
const CalibrationSchema = v.object({
  logLoss: Figure,
  calibrationError: Figure,
  truePositive: Figure,
  falsePositive: Figure,
  below: Figure,
  /** Bins over the best score; empty where an older Menagerie did not keep them. */
  bins: v.array(
    v.object({ from: v.number(), to: v.number(), images: Count, confidence: Figure, accuracy: Figure }),
  ),
});
export type CalibrationFigures = v.InferOutput<typeof CalibrationSchema>;

const answered = <E extends v.ObjectEntries>(entries: E) =>
  v.object({ question: Text, answer: Text, ...entries });
const LabelErrors = v.array(v.object({ label: LabelId, errors: Count, of: Count }));

/** The seven questions of the sources, with an answer in words and the figures behind it. */
const QuestionsSchema = v.object({
  /** P5-26 */
  truthsWithMostErrors: answered({ labels: LabelErrors }),
  /** P5-27 */
  guessesMostOftenWrong: answered({ labels: LabelErrors }),
  /** P5-28 */
  easilyConfused: answered({
    pairs: Count,
    errors: Count,
    most: v.array(v.object({ truth: LabelId, predicted: LabelId, count: Count })),
  }),
  /** P5-29 */
  accuracyWithMinimumScore: answered({ value: Figure }),
  /** P5-30 */
  errorRateAbove: answered({ value: Figure }),
  /** P5-31; null for any other set than a "difficult" benchmark. */
  difficultHighEnough: answered({ value: v.nullable(v.boolean()) }),
  /** P5-32; null for any other set than an "out-of-scope" benchmark. */
  outOfScopeLowEnough: answered({ value: v.nullable(v.boolean()) }),
});
export type Questions = v.InferOutput<typeof QuestionsSchema>;

/** A picture that was answered wrongly, or not surely enough (P5-34). */
const PictureSchema = v.object({
  photo: PhotoId,
  /** Null = out of scope. */
  truth: v.nullable(LabelId),
  /** `sad`: answered, and wrong. `wrong`: the best guess is wrong, but below the threshold. `unsure`: right, but below it. */
  kind: v.picklist(['sad', 'wrong', 'unsure']),
  /** Best first. */
  top: v.array(v.object({ label: LabelId, score: Score })),
});
export type NotedPicture = v.InferOutput<typeof PictureSchema>;

const SetMetricsSchema = v.object({
  /** `training`, `validation`, `test` or `benchmark:<id>`. */
  name: v.pipe(v.string(), v.minLength(1)),
  benchmark: v.nullable(v.picklist(BENCHMARK_KINDS)),
  summary: SetSummarySchema,
  top5: Figure,
  threshold: v.object({
    threshold: Score,
    images: Count,
    truePositive: Figure,
    falsePositive: Figure,
    below: Figure,
    accuracyAbove: Figure,
  }),
  matthewsCorrelation: Figure,
  classification: v.object({
    macro: Means,
    micro: Means,
    weighted: Means,
    classes: v.array(ClassFiguresSchema),
  }),
  ranking: v.object({ macroAuc: Figure, weightedAuc: Figure, macroAveragePrecision: Figure }),
  /** Scores as they are, and as they would be at the fitted temperature; that one is null where none was fitted. */
  calibration: v.object({ before: CalibrationSchema, after: v.nullable(CalibrationSchema) }),
  /** Null for a set that is no benchmark. */
  benchmarkSummary: v.nullable(v.object({ known: SpreadSchema, outOfScope: SpreadSchema })),
  /** Filled cells of the confusion matrix: columns of truth and guess, and how often. */
  confusion: v.array(v.tuple([Count, Count, Count])),
  questions: QuestionsSchema,
  /** Worst first, a bounded number; empty where an older Menagerie did not keep them. */
  pictures: v.array(PictureSchema),
});
export type SetMetrics = v.InferOutput<typeof SetMetricsSchema>;

/** How fast the network was on the engine that scored it (E-13). */
export const SpeedSchema = v.object({
  engine: v.string(),
  /** All photos, from reading the file to the written scores. */
  imagesPerSecond: v.number(),
  /** One photo at a time, as a guest's: median of the network alone. */
  msPerImage: v.number(),
});

const MetricsSchema = v.object({
  v: v.literal(2),
  /** What was scored: `run` or a published version. */
  model: v.pipe(v.string(), v.maxLength(300)),
  /** Score from which an answer is given. */
  threshold: Score,
  /** Classes in the order of the columns. */
  labels: v.array(v.object({ id: LabelId, name: DisplayName })),
  /** SHA-256 of the commonly-confused table behind the weighted log loss; only under the same one do they compare. */
  confusedTable: Sha256,
  /** Fitted on the validation set; never applied to what guests get. */
  temperature: v.variant('kind', [
    v.object({ kind: v.literal('fitted'), temperature: v.number(), images: Count }),
    v.object({ kind: v.literal('none'), images: Count, reason: Text }),
  ]),
  /** Null where it was not measured. */
  speed: v.nullable(SpeedSchema),
  /** Photos that could not be read when they were to be scored; they are in no figure. */
  unreadable: Count,
  sets: v.array(SetMetricsSchema),
});
export type Metrics = v.InferOutput<typeof MetricsSchema>;
/** `report/metrics.json`: every figure of every set (P5-24 … P5-33). */
export const metricsRecord = defineRecord('metrics', 2, MetricsSchema, [
  {
    name: 'confusion matrix as filled cells, questions in words, calibration, pictures',
    from: 1,
    up: upFromVersion1,
  },
]);
