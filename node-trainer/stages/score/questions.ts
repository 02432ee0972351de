import type { ConfusionMatrix } from '#shared/metrics/confusion.ts';
import {
  accuracyWithMinimumScore,
  DIFFICULT_TARGET,
  difficultHighEnough,
  easilyConfused,
  errorRateAbove,
  guessesMostOftenWrong,
  type LabelErrors,
  OUT_OF_SCOPE_TARGET,
  outOfScopeLowEnough,
  truthsWithMostErrors,
} from '#shared/metrics/questions.ts';
import type { ThresholdReport } from '#shared/metrics/threshold.ts';
import type { BenchmarkKind } from '#shared/schema/benchmark.ts';
import type { Metrics, Questions } from '#shared/schema/metrics.ts';
import { QUESTIONS } from '#shared/schema/questions.ts';

import { asConfidence, count, listed, percent } from './words.ts';

type Labels = Metrics['labels'];

/** Labels and pairs kept for each question, and named in its answer. */
const MOST = 20;
const NAMED = 3;

/** The seven questions about one set, answered in words and in figures (P5-26 … P5-32). */
export function answerQuestions(
  labels: Labels,
  matrix: ConfusionMatrix,
  above: ThresholdReport,
  benchmark: BenchmarkKind | null,
): Questions {
  return {
    truthsWithMostErrors: asked('truthsWithMostErrors', truths(labels, matrix)),
    guessesMostOftenWrong: asked('guessesMostOftenWrong', guesses(labels, matrix)),
    easilyConfused: asked('easilyConfused', pairs(labels, matrix)),
    accuracyWithMinimumScore: asked('accuracyWithMinimumScore', accuracy(above)),
    errorRateAbove: asked('errorRateAbove', errorRate(above)),
    difficultHighEnough: asked('difficultHighEnough', difficult(above, benchmark)),
    outOfScopeLowEnough: asked('outOfScopeLowEnough', outOfScope(above, benchmark)),
  };
}

function asked<T>(name: keyof typeof QUESTIONS, found: T): T & { question: string } {
  return { question: QUESTIONS[name], ...found };
}

const NO_PHOTOS = 'The set has no photos of the model’s classes.';

function truths(
  labels: Labels,
  matrix: ConfusionMatrix,
): Omit<Questions['truthsWithMostErrors'], 'question'> {
  const worst = named(labels, truthsWithMostErrors(matrix));
  const words = worst.slice(0, NAMED).map((l) => `${nameOf(labels, l.label)} (${l.errors} of ${l.of} wrong)`);
  return { answer: without(matrix, 'Every photo got its true label.') ?? `${listed(words)}.`, labels: worst };
}

function guesses(
  labels: Labels,
  matrix: ConfusionMatrix,
): Omit<Questions['guessesMostOftenWrong'], 'question'> {
  const worst = named(labels, guessesMostOftenWrong(matrix));
  const words = worst
    .slice(0, NAMED)
    .map((l) => `${nameOf(labels, l.label)} (wrong ${l.errors} of ${l.of} times)`);
  return { answer: without(matrix, 'No guess was wrong.') ?? `${listed(words)}.`, labels: worst };
}

function pairs(labels: Labels, matrix: ConfusionMatrix): Omit<Questions['easilyConfused'], 'question'> {
  const { most, errors, pairs: number } = easilyConfused(matrix);
  const found = most.slice(0, MOST).map(({ truth, predicted, count: times }) => ({
    truth: idOf(labels, truth),
    predicted: idOf(labels, predicted),
    count: times,
  }));
  const words = found
    .slice(0, NAMED)
    .map((p) => `${nameOf(labels, p.truth)} taken for ${nameOf(labels, p.predicted)} (${p.count} ×)`);
  const head = `${count(matrix.cells.length, 'pair')} occur, ${number} of them wrong, with ${count(errors, 'error')} in all.`;
  const answer = without(matrix, `${head} No class was taken for another.`);
  return { answer: answer ?? `${head} Most often: ${listed(words)}.`, pairs: number, errors, most: found };
}

function accuracy(above: ThresholdReport): Omit<Questions['accuracyWithMinimumScore'], 'question'> {
  const value = accuracyWithMinimumScore(above);
  const at = asConfidence(above.threshold);
  const share = percent(1 - (above.below ?? 1));
  const answer =
    value === null
      ? `No photo reached ${at}.`
      : `${percent(value)} of the answers at ${at} or more are right; ${share} of the photos got an answer.`;
  return { answer, value };
}

function errorRate(above: ThresholdReport): Omit<Questions['errorRateAbove'], 'question'> {
  const value = errorRateAbove(above);
  const at = asConfidence(above.threshold);
  const wrong = Math.round((above.falsePositive ?? 0) * above.images);
  const answer =
    value === null
      ? `No photo reached ${at}.`
      : `${percent(value)} of the answers at ${at} or more are wrong (${count(wrong, 'photo')}).`;
  return { answer, value };
}

function difficult(
  above: ThresholdReport,
  benchmark: BenchmarkKind | null,
): Omit<Questions['difficultHighEnough'], 'question'> {
  if (benchmark !== 'difficult') return { answer: 'Not asked: not a "difficult" benchmark.', value: null };
  const value = difficultHighEnough(above);
  if (value === null) return { answer: 'The benchmark has no photos.', value };
  const figures = `${percent(above.truePositive)} answered right, ${percent(above.falsePositive)} answered wrong`;
  const { truePositive, falsePositive } = DIFFICULT_TARGET;
  const targets = `the sources ask for at least ${percent(truePositive)} and at most ${percent(falsePositive)}`;
  return { answer: `${value ? 'Yes' : 'No'}: ${figures}; ${targets}.`, value };
}

function outOfScope(
  above: ThresholdReport,
  benchmark: BenchmarkKind | null,
): Omit<Questions['outOfScopeLowEnough'], 'question'> {
  if (benchmark !== 'out-of-scope')
    return { answer: 'Not asked: not an "out-of-scope" benchmark.', value: null };
  const value = outOfScopeLowEnough(above);
  if (value === null) return { answer: 'The benchmark has no photos.', value };
  const most = percent(OUT_OF_SCOPE_TARGET.falsePositive);
  const figures = `${percent(above.falsePositive)} got an answer, where none can be right`;
  return { answer: `${value ? 'Yes' : 'No'}: ${figures}; the sources allow ${most}.`, value };
}

/** Where there is nothing to list. */
function without({ cells }: ConfusionMatrix, flawless: string): string | null {
  if (cells.length === 0) return NO_PHOTOS;
  return cells.every((cell) => cell.truth === cell.predicted) ? flawless : null;
}

function named(labels: Labels, errors: readonly LabelErrors[]): Questions['truthsWithMostErrors']['labels'] {
  return errors.slice(0, MOST).map((l) => ({ label: idOf(labels, l.class), errors: l.errors, of: l.of }));
}

function idOf(labels: Labels, column: number): Labels[number]['id'] {
  const label = labels[column];
  if (!label) throw new RangeError(`column ${column} of ${labels.length}`);
  return label.id;
}

function nameOf(labels: Labels, id: string): string {
  return labels.find((label) => label.id === id)?.name ?? id;
}
