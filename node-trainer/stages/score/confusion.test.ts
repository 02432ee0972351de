import { describe, expect, test } from 'vitest';

import { labelKey } from '#shared/schema/names.ts';

import { confusionSection } from './report/confusion.ts';
import type { ReportData } from './report/data.ts';

/** A test set in which each class was once taken for the next. */
function dataOf(classes: number, errors: number): ReportData {
  const labels = Array.from({ length: classes }, (_, c) => ({
    id: labelKey(`class ${c}`),
    name: `Class ${c}`,
  }));
  const set = {
    name: 'test',
    benchmark: null,
    summary: { images: classes + errors },
    classification: { classes: labels.map(() => ({ support: 2 })) },
    confusion: [
      ...labels.map((_, c) => [c, c, 1]),
      ...Array.from({ length: errors }, (_, c) => [c, (c + 1) % classes, 1]),
    ],
    questions: { easilyConfused: { pairs: errors, errors, most: [] } },
  };
  return { metrics: { labels, sets: [set] }, benchmarkNames: new Map() } as unknown as ReportData;
}

const rows = (page: string): number => page.match(/<th scope="row">/g)?.length ?? 0;

describe('the confusion matrix of the report (F-19)', () => {
  test('of a few classes is whole', () => {
    expect(rows(confusionSection(dataOf(60, 5)).text)).toBe(60);
  });

  test('of more than 60 classes shows those that are confused most, and says so', () => {
    const { text } = confusionSection(dataOf(1000, 500));
    expect(rows(text)).toBe(40);
    expect(text).toContain('Only the 40 classes of 1000 that are confused most.');
    expect(text.length).toBeLessThan(100_000);
  });

  test('without a mistake it is one sentence', () => {
    expect(confusionSection(dataOf(3, 0)).text).toContain('no class was taken for another');
  });
});
