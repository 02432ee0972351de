import { expect, test } from 'vitest';

import type { Metrics, SetMetrics } from '../schema/metrics.ts';
import { labelKey } from '../schema/names.ts';
import { confusionEvidence } from './confusion-evidence.ts';

const set = (name: string, confusion: SetMetrics['confusion']): SetMetrics =>
  ({ name, benchmark: name.startsWith('benchmark:') ? 'difficult' : null, confusion }) as SetMetrics;
const labels: Metrics['labels'] = ['bonobo', 'chimp', 'lion'].map((name) => ({ id: labelKey(name), name }));

test('P3-13 what the model confuses is counted over test set and benchmarks, most frequent first', () => {
  const sets = [
    set('training', [[0, 2, 99]]),
    set('validation', [[0, 2, 99]]),
    set('test', [
      [0, 0, 25],
      [0, 1, 5],
      [1, 0, 1],
      [1, 1, 9],
    ]),
    set('benchmark:hard', [
      [0, 0, 8],
      [0, 1, 2],
      [2, 1, 3],
    ]),
  ];
  expect(confusionEvidence({ labels, sets })).toEqual([
    { truth: 'bonobo', predicted: 'chimp', count: 7, of: 40 },
    { truth: 'lion', predicted: 'chimp', count: 3, of: 3 },
    { truth: 'chimp', predicted: 'bonobo', count: 1, of: 10 },
  ]);
});

test('a model without mistakes, or without sets to test it with, gives no evidence', () => {
  expect(confusionEvidence({ labels, sets: [set('test', [[0, 0, 5]])] })).toEqual([]);
  expect(confusionEvidence({ labels, sets: [] })).toEqual([]);
});
