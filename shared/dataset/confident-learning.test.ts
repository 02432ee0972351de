/** Confident learning against cleanlab, to 1e-7, on the tables that `fixtures/make_label_errors.py` makes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { noiseMatrix } from './confident-joint.ts';
import {
  CLASS,
  CONFIDENT,
  findLabelIssues,
  NOISE_RATE,
  type LabelIssues,
  type ScoreSource,
} from './confident-learning.ts';
import { confidenceWeightedEntropy, normalisedMargin, selfConfidence } from './label-quality.ts';
import { createRandom } from './random.ts';

interface Fixture {
  readonly classes: number;
  /** Scores are parts of it. */
  readonly full: number;
  readonly given: readonly number[];
  readonly scores: readonly number[];
  readonly thresholds: readonly number[];
  readonly joint: readonly number[];
  readonly noise: readonly (number | null)[];
  readonly issues: Readonly<
    Record<'prune_by_noise_rate' | 'prune_by_class' | 'both' | 'confident_learning', readonly number[]>
  >;
  readonly quality: Readonly<Record<string, readonly number[]>>;
}

const fixtureOf = (name: string): Fixture =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')) as Fixture;

function sourceOf(classes: number, labels: ArrayLike<number>, scores: Float32Array): ScoreSource {
  return {
    classes,
    labels: Int32Array.from(labels),
    read: (row, out) => {
      out.set(scores.subarray(row * classes, (row + 1) * classes));
    },
    at: (row, label) => scores[row * classes + label] as number,
  };
}

function issuesOf(source: ScoreSource): LabelIssues {
  const run = findLabelIssues(source);
  for (;;) {
    const step = run.next();
    if (step.done === true) return step.value;
  }
}

const rowsWith = ({ rules }: LabelIssues, rule: number): number[] =>
  Array.from(rules.keys()).filter((row) => ((rules[row] as number) & rule) === rule);

describe.each([
  ['a zoo with planted errors', fixtureOf('label-errors.json')],
  ['a label without examples, one with a single one, and many ties', fixtureOf('label-errors-odd.json')],
])('as cleanlab has it (P3-57): %s', (_, fixture) => {
  const { classes, given, full, scores } = fixture;
  const values = Float32Array.from(scores, (part) => part / full);
  const issues = issuesOf(sourceOf(classes, given, values));

  test('thresholds, and counts of given and suspected labels', () => {
    expect(issues.thresholds).toHaveLength(classes);
    issues.thresholds.forEach((value, c) => {
      expect(value).toBeCloseTo(fixture.thresholds[c] as number, 9);
    });
    expect([...issues.joint]).toEqual(fixture.joint);
    noiseMatrix(issues.joint, classes).forEach((value, at) => {
      expect(value, String(at)).toBeCloseTo(fixture.noise[at] ?? 0, 9);
    });
  });

  test('label issues by every rule', () => {
    expect(rowsWith(issues, CONFIDENT)).toEqual(fixture.issues.confident_learning);
    expect(rowsWith(issues, CLASS)).toEqual(fixture.issues.prune_by_class);
    expect(rowsWith(issues, NOISE_RATE)).toEqual(fixture.issues.prune_by_noise_rate);
    expect(rowsWith(issues, NOISE_RATE | CLASS)).toEqual(fixture.issues.both);
  });

  test.each([
    ['self_confidence', selfConfidence],
    ['normalized_margin', normalisedMargin],
    ['confidence_weighted_entropy', confidenceWeightedEntropy],
  ] as const)('ranking by %s', (name, quality) => {
    given.forEach((label, row) => {
      const own = values.subarray(row * classes, (row + 1) * classes);
      expect(quality(own, label), String(row)).toBeCloseTo(fixture.quality[name]?.[row] as number, 7);
    });
  });
});

/** Photos whose scores lean to their true label, some labels turned into others. */
function planted(seed: number, classes: number, rows: number, share: number) {
  const random = createRandom(seed);
  const truths = Array.from({ length: rows }, () => random.int(classes));
  const wrong = truths.map(() => random.next() < share);
  const given = truths.map((truth, i) =>
    wrong[i] === true ? (truth + 1 + random.int(classes - 1)) % classes : truth,
  );
  const scores = truths.flatMap((truth) => {
    const pulls = Array.from({ length: classes }, (_, c) =>
      Math.exp(2 * random.next() + (c === truth ? 4 : 0)),
    );
    const sum = pulls.reduce((a, b) => a + b);
    return pulls.map((pull) => pull / sum);
  });
  return { wrong, source: sourceOf(classes, given, Float32Array.from(scores)) };
}

const seeds = { seed: fc.integer({ min: 1, max: 1e6 }), classes: fc.integer({ min: 2, max: 9 }) };

test('most planted errors are found, and few right labels doubted', () => {
  fc.assert(
    fc.property(seeds.seed, seeds.classes, (seed, classes) => {
      const { wrong, source } = planted(seed, classes, 400, 0.08);
      const found = rowsWith(issuesOf(source), NOISE_RATE);
      const right = found.filter((row) => wrong[row] === true).length;
      expect(right).toBeGreaterThan(0.6 * wrong.filter(Boolean).length);
      expect(found.length - right).toBeLessThan(20);
    }),
    { numRuns: 40, seed: 20_260_104 },
  );
});

test('counts keep the number of photos of each label, and a best label is never doubted', () => {
  fc.assert(
    fc.property(seeds.seed, seeds.classes, fc.integer({ min: 1, max: 60 }), (seed, classes, rows) => {
      const { source } = planted(seed, classes, rows, 0.3);
      const issues = issuesOf(source);
      for (let given = 0; given < classes; given++) {
        const row = issues.joint.subarray(given * classes, (given + 1) * classes);
        expect(row.reduce((a, b) => a + b, 0)).toBe(source.labels.filter((one) => one === given).length);
      }
      issues.best.forEach((best, row) => {
        if (best === source.labels[row]) expect(issues.rules[row]).toBe(0);
      });
    }),
    { numRuns: 60, seed: 20_260_105 },
  );
});

test('nothing to look at is nothing found', () => {
  expect(issuesOf(sourceOf(3, [], new Float32Array())).rules).toHaveLength(0);
});
