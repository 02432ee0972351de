import type { Metrics, SetMetrics } from '#shared/schema/metrics.ts';
import type { SetSummary } from '#shared/schema/model.ts';

import { asConfidence, count, decimal, percent } from './words.ts';

/** Headings of the table of sets, with what goes into each column. */
const COLUMNS: readonly (readonly [heading: string, cell: (s: SetSummary) => string])[] = [
  ['set', (s) => s.set],
  ['images', (s) => String(s.images)],
  ['top 1', (s) => percent(s.accuracy)],
  ['top 3', (s) => percent(s.top3)],
  ['answered right', (s) => percent(s.truePositive)],
  ['answered wrong', (s) => percent(s.falsePositive)],
  ['not answered', (s) => percent(s.below)],
  ['log loss', (s) => decimal(s.logLoss)],
  ['weighted', (s) => decimal(s.weightedLogLoss)],
];

/** The figures of a run as a page of text, with the seven questions about each set that has photos. */
export function summaryText(metrics: Metrics): string {
  const rows = [
    COLUMNS.map(([heading]) => heading),
    ...metrics.sets.map(({ summary }) => COLUMNS.map(([, cell]) => cell(summary))),
  ];
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  );
  const asked = metrics.sets.filter((set) => set.summary.images > 0).flatMap(questionLines);
  return [
    `An answer is given at a confidence of ${asConfidence(metrics.threshold)} or more.`,
    ...(metrics.unreadable > 0 ? [`Not scored, unreadable: ${count(metrics.unreadable, 'photo')}.`] : []),
    '',
    ...lines,
    '',
    temperatureText(metrics),
    ...asked,
    '',
  ].join('\n');
}

function questionLines(set: SetMetrics): string[] {
  return [
    '',
    `Questions about ${set.name}:`,
    ...questionsAbout(set).flatMap(({ question, answer }) => [`  ${question}`, `    ${answer}`]),
  ];
}

/** Questions and answers about a set; those about a kind of benchmark only where it is one, behind the first five. */
export function questionsAbout({ questions, benchmark }: SetMetrics): { question: string; answer: string }[] {
  const { difficultHighEnough, outOfScopeLowEnough, ...always } = questions;
  return [
    ...Object.values(always),
    ...(benchmark === 'difficult' ? [difficultHighEnough] : []),
    ...(benchmark === 'out-of-scope' ? [outOfScopeLowEnough] : []),
  ];
}

/** What the fit on the validation set said, and that nothing was changed by it. */
export function temperatureText({ temperature, sets }: Metrics): string {
  if (temperature.kind === 'none') return `Temperature: ${temperature.reason}`;
  const validation = sets.find((set) => set.name === 'validation')?.calibration;
  const { before, after } = validation ?? {};
  const value = temperature.temperature.toFixed(2);
  const verdict = temperature.temperature > 1 ? 'surer than it should be' : 'less sure than it could be';
  return (
    `Temperature: ${value}, fitted on ${count(temperature.images, 'validation photo')}: the model is ${verdict}. ` +
    `With it the log loss would go from ${decimal(before?.logLoss ?? null)} to ${decimal(after?.logLoss ?? null)}, ` +
    `the calibration error from ${percent(before?.calibrationError ?? null)} to ` +
    `${percent(after?.calibrationError ?? null)}. It is not applied: guests get the scores as they are.`
  );
}
