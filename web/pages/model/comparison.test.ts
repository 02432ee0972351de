import { describe, expect, test } from 'vitest';

import { certaintyOf, classChanges, onlyIn, type Side } from './comparison.ts';
import type { EvidenceSet } from './evidence-set.ts';

const report = {
  threshold: 0.95,
  images: 0,
  truePositive: null,
  falsePositive: null,
  below: null,
  accuracyAbove: null,
};

/** Recognised of all, for each class; the wrong ones go to the next class. */
function side(classes: Readonly<Record<string, readonly [right: number, of: number]>>): Side {
  const names = Object.keys(classes);
  const all = Object.values(classes);
  const set: EvidenceSet = {
    name: 'test',
    kind: null,
    images: all.reduce((sum, [, of]) => sum + of, 0),
    report,
    cells: all.flatMap(([right, of], column) => [
      { truth: column, guess: column, count: right },
      { truth: column, guess: (column + 1) % names.length, count: of - right },
    ]),
    classes: all.map(([right, of]) => ({ support: of, recall: right / of, precision: 0, f1: 0 })),
  };
  return { labels: names.map((name) => ({ id: name.toLowerCase(), name })), set, answers: null };
}

describe('what got better and what got worse', () => {
  test('P3-19: classes are matched by name, wherever their columns are; the largest change comes first', () => {
    const now = side({ Lion: [30, 40], Zebra: [38, 40], Okapi: [5, 40] });
    const then = side({ Zebra: [30, 40], Lion: [32, 40] });
    const changes = classChanges(now, then, 'recall');
    expect(changes.map(({ name, change }) => [name, Number(change.toFixed(3))])).toEqual([
      ['Zebra', 0.2],
      ['Lion', -0.05],
    ]);
    expect(changes[0]).toMatchObject({ now: { part: 38, of: 40 }, then: { part: 30, of: 40 } });
  });

  test('precision counts the guesses that name a class, whatever was shown', () => {
    const now = side({ Lion: [30, 40], Zebra: [40, 40] });
    const [zebra, lion] = classChanges(now, side({ Lion: [40, 40], Zebra: [40, 40] }), 'precision');
    expect(zebra).toMatchObject({ id: 'zebra', now: { part: 40, of: 50 }, then: { part: 40, of: 40 } });
    expect(lion).toMatchObject({ id: 'lion', change: 0 });
  });

  test('answers are not compared before the scores of both are at hand', () => {
    const one = side({ Lion: [30, 40] });
    expect(classChanges(one, one, 'answered-right')).toEqual([]);
  });

  test('classes of only one of them are named', () => {
    const [now, then] = [side({ Lion: [1, 1], Okapi: [1, 1] }), side({ Lion: [1, 1], Zebra: [1, 1] })];
    expect(onlyIn(now.labels, then.labels)).toEqual(['Okapi']);
    expect(onlyIn(then.labels, now.labels)).toEqual(['Zebra']);
  });
});

describe('noise is told from change', () => {
  test.each([
    ['nine photos say nothing', { part: 9, of: 9 }, { part: 0, of: 40 }, 'few'],
    ['one more of forty may be chance', { part: 36, of: 40 }, { part: 35, of: 40 }, 'chance'],
    ['ten more of forty is no chance', { part: 38, of: 40 }, { part: 28, of: 40 }, 'sure'],
    ['the same share of many is no change', { part: 500, of: 1000 }, { part: 500, of: 1000 }, 'chance'],
    ['three points of a thousand photos are', { part: 950, of: 1000 }, { part: 920, of: 1000 }, 'sure'],
    ['all of all on both sides', { part: 40, of: 40 }, { part: 40, of: 40 }, 'chance'],
  ] as const)('%s', (_, a, b, expected) => {
    expect(certaintyOf(a, b)).toBe(expected);
    expect(certaintyOf(b, a)).toBe(expected);
  });
});
