import { confidence } from '#shared/schema/names.ts';
import type { SetSummary } from '#shared/schema/model.ts';

import type { SetMetrics } from './set-metrics.ts';

/** 0.95 → `95.0 %`; a dash where the set can't say. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

export function decimal(value: number | null): string {
  return value === null ? '–' : value.toFixed(4);
}

/** Headings of the table of sets, with what goes into each column. */
export const COLUMNS: readonly (readonly [heading: string, cell: (s: SetSummary) => string])[] = [
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

/** The figures of a run as a page of text. */
export function summaryText(sets: readonly SetMetrics[], threshold: number): string {
  const rows = [COLUMNS.map(([heading]) => heading)];
  for (const { summary } of sets) rows.push(COLUMNS.map(([, cell]) => cell(summary)));
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  );
  const confused = sets.flatMap((set) =>
    set.questions.easilyConfused.most
      .slice(0, 5)
      .map((p) => `  ${set.name}: ${p.truth} taken for ${p.predicted} (${p.count} ×)`),
  );
  const pairs = confused.length > 0 ? ['', 'Most confused:', ...confused] : [];
  return [
    `An answer is given at a confidence of ${confidence(threshold)} or more.`,
    '',
    ...lines,
    ...pairs,
    '',
  ].join('\n');
}
