import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { metricsRecord } from '#shared/schema/metrics.ts';

import { openRun } from '../../run/open-run.ts';
import { scratch } from '../../testing/shapes.ts';
import { score } from '../score.ts';

/** A run as Menagerie 0.1 left it: no speed, no names in the index, no pictures, figures in their first form. */
const OLD_RUN = join(import.meta.dirname, 'fixtures', 'old-run');

async function oldRun(): Promise<string> {
  const run = await scratch();
  await cp(OLD_RUN, run, { recursive: true });
  return run;
}

async function scoreAgain(run: string, flags: Record<string, unknown> = {}) {
  const listener = { say: () => undefined, progress: () => undefined };
  const result = await score(await openRun({ run, flags, environment: {}, resume: true, listener }));
  return {
    result,
    metrics: await metricsOf(run),
    summary: await readFile(join(run, 'report', 'summary.txt'), 'utf8'),
  };
}

async function metricsOf(run: string) {
  const path = join(run, 'report', 'metrics.json');
  return metricsRecord.read(JSON.parse(await readFile(path, 'utf8')), path);
}

describe('scoring a run of an older Menagerie again (P5-23)', () => {
  test('gives the same figures, and those that are new, without running a network', async () => {
    const run = await oldRun();
    const before = await metricsOf(run);
    const { result, metrics } = await scoreAgain(run);
    expect(result).toMatchObject({ set: 'validation', images: 3 });
    const figures = ({ sets }: typeof metrics) =>
      sets.map(({ summary, confusion, ranking }) => ({ summary, confusion, ranking }));
    expect(figures(metrics)).toEqual(roundedLike(figures(before)));
    expect(metrics.sets[0]?.pictures).toHaveLength(21);
    expect(metrics.sets[0]?.calibration.before.bins).toHaveLength(15);
    expect(metrics.temperature).toMatchObject({
      kind: 'none',
      reason: expect.stringContaining('too few') as string,
    });
    expect(metrics.labels.map((label) => label.name)).toEqual(['circle', 'square', 'stripes']);
  });

  test('another threshold gives other answers; it stays the run’s', async () => {
    const run = await oldRun();
    const { metrics, summary } = await scoreAgain(run, { threshold: 0.3 });
    expect(metrics.sets[0]?.threshold.below).toBe(0);
    expect(summary).toContain('a confidence of 30 or more');
    expect((await scoreAgain(run)).metrics.threshold).toBe(0.3);
  });

  test('another commonly-confused table changes the weighted log loss and its fingerprint (P3-13)', async () => {
    const run = await oldRun();
    const table = join(run, 'table.json');
    const pairs = [{ truth: 'square', predicted: 'stripes', weight: 0.5 }];
    await writeFile(table, JSON.stringify({ v: 1, pairs }));
    const plain = (await scoreAgain(run)).metrics;
    const { metrics } = await scoreAgain(run, { confused: table });
    expect(metrics.confusedTable).not.toBe(plain.confusedTable);
    const loss = (m: typeof metrics): number => m.sets[0]?.summary.weightedLogLoss ?? NaN;
    expect(loss(metrics)).toBeLessThan(loss(plain));
    await rm(table);
    await expect(scoreAgain(run)).rejects.toThrow(`--confused: there is no file ${table}`);
  });

  test('the report says what is missing instead of failing', async () => {
    const run = await oldRun();
    await scoreAgain(run);
    const page = await readFile(join(run, 'report', 'report.html'), 'utf8');
    expect(page).toContain('no picture');
    expect(page).toContain('Phase “head”');
  });

  test('a matrix that was cut is named', async () => {
    const run = await oldRun();
    await truncate(join(run, 'scores', 'scores.npy'), 300);
    await expect(scoreAgain(run)).rejects.toThrow(/scores\.npy does not fit its index/);
  });
});

test('the seven questions are answered by name, in words (P5-26 … P5-32)', async () => {
  const { metrics, summary } = await scoreAgain(await oldRun());
  const { questions } = metrics.sets[0] ?? {};
  expect(questions?.truthsWithMostErrors).toMatchObject({
    question: 'Which ground-truth labels get the most errors?',
    answer: 'square (7 of 7 wrong), circle (5 of 7 wrong) and stripes (1 of 7 wrong).',
    labels: [{ label: 'square', errors: 7, of: 7 }, { label: 'circle' }, { label: 'stripes' }],
  });
  expect(questions?.easilyConfused.answer).toContain('square taken for stripes (6 ×)');
  expect(questions?.errorRateAbove).toMatchObject({ answer: 'No photo reached 95.', value: null });
  expect(Object.keys(questions ?? {})).toHaveLength(7);
  expect(summary).toContain('Which predicted labels get the most incorrect guesses?');
});

/** The sum of the losses is taken in another order now. */
function roundedLike(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 9);
  if (Array.isArray(value)) return value.map(roundedLike);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, roundedLike(v)]));
}
