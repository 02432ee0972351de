import { describe, expect, test } from 'vitest';

import { prepareWhatIf } from '#shared/metrics/what-if.ts';
import { DEFAULT_TARGETS, type GateCheck } from '#shared/schema/gate.ts';

import { FakeModelData, type FakeSet } from '../testing/evidence.svelte.ts';
import { addressOf } from './address.ts';
import { answerCells, answersOutOfScope, listedCells, rowTotals } from './answers.ts';
import { checkRows, movedBy } from './checks.ts';
import { classRows, shownRows } from './class-rows.ts';
import { setsOfMetrics, setsOfVerdicts, witnessOf } from './evidence-set.ts';
import { reportAmong, runFiles } from './run-files.ts';
import { bias, farthestBin } from './trust.ts';
import { anyOf, notedPhotos } from './wish.ts';

const NAMES = ['Lion', 'Zebra', 'Okapi'];
const TEST: FakeSet = {
  name: 'test',
  kind: null,
  rows: [
    [0, 0, 0.99],
    [0, 0, 0.8],
    [0, 1, 0.97],
    [1, 1, 0.96],
    [1, 2, 0.6],
    [2, 2, 0.99],
  ],
};
const POPCORN: FakeSet = {
  name: 'benchmark:popcorn',
  kind: 'out-of-scope',
  rows: [
    [-1, 2, 0.98],
    [-1, 2, 0.97],
    [-1, 0, 0.7],
  ],
};
const model = new FakeModelData(7, NAMES, [TEST, POPCORN]);
const step = prepareWhatIf(
  model.sets.map(({ name, kind, rows }) => ({ name, kind, outcomes: model.outcomes(rows) })),
  DEFAULT_TARGETS,
);
const at = (threshold: number, name = 'test') => step(threshold).sets.find((set) => set.name === name)!;

describe('addresses', () => {
  test.each<[string, unknown]>([
    ['/model', { kind: 'overview' }],
    ['/model/', { kind: 'overview' }],
    ['/model/7', { kind: 'version', version: 7 }],
    ['/model/7/with/6', { kind: 'compare', version: 7, other: 6 }],
    ['/model/files', { kind: 'files' }],
    ['/model/7/with', { kind: 'unknown' }],
    ['/model/seven', { kind: 'unknown' }],
  ])('%s', (path, expected) => {
    expect(addressOf(path)).toEqual(expected);
  });
});

describe('sets', () => {
  test('a report and the bare scores of the same photos come to the same figures', () => {
    const scores = model.scores();
    const { truths, best, bestScores, truthScores } = model.outcomes([...TEST.rows, ...POPCORN.rows]);
    const verdicts = { photos: new Uint8Array(), truths, best, bestScores, truthScores };
    const [reported, worked] = [setsOfMetrics(model.metrics()), setsOfVerdicts(scores, verdicts)];
    expect(worked.map(({ cells, report, images }) => ({ cells, report, images }))).toEqual(
      reported.map(({ cells, report, images }) => ({ cells, report, images })),
    );
    expect(worked[0]?.classes[0]).toMatchObject({ support: 3, recall: 2 / 3, precision: 1 });
    expect(worked[1]?.classes).toEqual([]);
  });

  test('the test set is the best witness; where there is none, validation, training, any', () => {
    const sets = ['benchmark:a', 'training', 'validation', 'test'].map((name) => ({ name }));
    expect(witnessOf(sets)?.name).toBe('test');
    expect(witnessOf(sets.slice(0, 3))?.name).toBe('validation');
    expect(witnessOf(sets.slice(0, 1))?.name).toBe('benchmark:a');
    expect(witnessOf(sets.slice(0, 0))?.name).toBeUndefined();
  });
});

describe('confusions', () => {
  test('F-19: of answers alone fewer are confused, and a lower threshold brings more', () => {
    expect(answerCells(at(0.95))).toEqual([
      { truth: 0, guess: 0, count: 1 },
      { truth: 1, guess: 1, count: 1 },
      { truth: 2, guess: 2, count: 1 },
      { truth: 0, guess: 1, count: 1 },
    ]);
    expect(answerCells(at(0.5))).toContainEqual({ truth: 1, guess: 2, count: 1 });
  });

  test('P3-27: what it answered for the popcorn', () => {
    expect(answersOutOfScope(at(0.95, 'benchmark:popcorn'))).toEqual([{ truth: -1, guess: 2, count: 2 }]);
    expect(answersOutOfScope(at(0.5, 'benchmark:popcorn'))).toEqual([
      { truth: -1, guess: 2, count: 2 },
      { truth: -1, guess: 0, count: 1 },
    ]);
  });

  test('the list has wrong cells only, found by either name', () => {
    const cells = setsOfMetrics(model.metrics())[0]?.cells ?? [];
    const nameOf = (column: number): string => NAMES[column] ?? '';
    expect(listedCells(cells, nameOf, '')).toHaveLength(2);
    expect(listedCells(cells, nameOf, ' oka')).toEqual([{ truth: 1, guess: 2, count: 1 }]);
    expect(rowTotals(cells).get(0)).toBe(3);
  });
});

describe('classes', () => {
  const set = setsOfMetrics(model.metrics())[0]!;
  const labels = model.labels;

  test('P3-20: answers at the slider and how many more than at the card', () => {
    const [lion, zebra] = classRows(set, labels, at(0.5), at(0.95));
    expect(lion?.answers).toEqual({ right: 2, wrong: 1, not: 0, rightChange: 1, wrongChange: 0 });
    expect(zebra?.answers).toEqual({ right: 1, wrong: 1, not: 0, rightChange: 0, wrongChange: 1 });
    expect(classRows(set, labels, null, null)[0]?.answers).toBeNull();
  });

  test('are sorted by any figure either way, and found by name', () => {
    const rows = classRows(set, labels, at(0.5), at(0.95));
    const names = (by: 'recall' | 'wrong' | 'name', descending: boolean) =>
      shownRows(rows, '', { by, descending }).map(({ name }) => name);
    expect(names('recall', false)).toEqual(['Zebra', 'Lion', 'Okapi']);
    expect(names('wrong', true)).toEqual(['Lion', 'Zebra', 'Okapi']);
    expect(names('name', true)).toEqual(['Zebra', 'Okapi', 'Lion']);
    expect(shownRows(rows, 'EBR', { by: 'name', descending: false })).toHaveLength(1);
  });
});

describe('targets', () => {
  const published: GateCheck = {
    check: 'out-of-scope-false-positive',
    set: 'benchmark:popcorn',
    target: 0.1,
    measured: 2 / 3,
    production: 0.2,
    outcome: 'failed',
    sentence: 'Too many.',
  };
  const loss: GateCheck = { ...published, check: 'weighted-log-loss', set: 'test', outcome: 'passed' };

  test('P3-26: the slider moves the questions that it decides, and leaves the others', () => {
    const rows = checkRows([published, loss], step(0.95).checks, step(0.99).checks);
    expect(rows.map(({ check, now }) => [check.check, now?.outcome ?? null])).toEqual([
      ['out-of-scope-false-positive', 'passed'],
      ['weighted-log-loss', null],
    ]);
    expect(rows.map(movedBy)).toEqual([-2 / 3, 0]);
  });

  test('a version that never met the gate is held against the targets now', () => {
    const rows = checkRows([], step(0.95).checks, step(0.95).checks);
    expect(rows.map(({ check }) => check.outcome)).toEqual(['failed']);
  });
});

describe('trust', () => {
  const bin = (confidence: number, accuracy: number, images: number) => ({
    from: 0,
    to: 1,
    images,
    confidence,
    accuracy,
  });

  test('says which way the confidence leans, photos counting', () => {
    expect(bias([bin(0.9, 0.7, 100), bin(0.5, 0.9, 1)])).toBe('sure');
    expect(bias([bin(0.6, 0.9, 50)])).toBe('modest');
    expect(bias([bin(0.9, 0.89, 50)])).toBe('fits');
    expect(bias([])).toBe('fits');
  });

  test('the example is where most photos are concerned, and none where nothing is off', () => {
    expect(farthestBin([bin(0.5, 0.1, 6), bin(0.9, 0.7, 100)])).toMatchObject({ images: 100 });
    expect(farthestBin([bin(0.5, 0.1, 4), bin(0.9, 0.89, 100)])).toBeNull();
  });
});

describe('photos behind a figure', () => {
  test('P5-34: a report knows the wrong ones of a cell', () => {
    const found = notedPhotos(model.metrics(), anyOf('', 'test', 0, 1));
    expect(found).toEqual([{ photo: '2'.padStart(64, '0'), guess: 1, score: 0.97 }]);
    expect(notedPhotos(model.metrics(), anyOf('', 'test', 0, 0))).toEqual([]);
    expect(notedPhotos(model.metrics(), anyOf('', 'benchmark:popcorn', -1, null))).toHaveLength(3);
    const sad = { ...anyOf('', 'test', null, null), answers: 'answered' as const };
    expect(notedPhotos(model.metrics(), sad)).toHaveLength(1);
  });
});

describe('files of a run', () => {
  const file = (webkitRelativePath: string) => ({
    name: webkitRelativePath.split('/').at(-1) ?? '',
    webkitRelativePath,
  });

  test('of a whole folder its own scores, not those of others and no photos', () => {
    const folder = [
      'run/photos/ab.png',
      'run/scores/scores.npy',
      'run/scores/index.json',
      'run/scores/production-12/scores.npy',
      'run/scores/production-12/index.json',
      'run/report/metrics.json',
      'run/model/export/report/metrics.json',
      'run/run.json',
    ].map(file);
    const chosen = runFiles(folder);
    expect(chosen.map((one) => one.webkitRelativePath)).toEqual([
      'run/scores/scores.npy',
      'run/scores/index.json',
      'run/report/metrics.json',
    ]);
    expect(reportAmong(chosen)?.webkitRelativePath).toBe('run/report/metrics.json');
  });

  test('files that were picked one by one are meant, whatever they are called', () => {
    const picked = ['mine.npy', 'mine.json', 'notes.txt'].map((name) => ({ name, webkitRelativePath: '' }));
    expect(runFiles(picked).map(({ name }) => name)).toEqual(['mine.npy', 'mine.json']);
    expect(reportAmong(picked)).toBeUndefined();
  });
});
