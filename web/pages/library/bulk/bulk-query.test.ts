/** Questions about results of a bulk identification: P4-18 … P4-24, P5-39. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { labelKey, type PhotoId } from '#shared/schema/names.ts';
import { freshPhoto, type Photo } from '#shared/schema/photo.ts';

import type { BulkLabel, BulkResult } from '../../../state/contract-bulk.ts';
import { answer, countsByClass, fitting, Orders } from './answer.ts';
import { gainedAt, isShort, leansOnStaged, needOf, needsOf, photosOf, type Needs } from './needs.ts';
import {
  decodeQuery,
  encodeQuery,
  EVERYTHING,
  LABELS_ASKED,
  ORDERS,
  sameQuery,
  VERDICTS,
  withBounds,
  type BulkQuery,
} from './query.ts';
import { QUESTIONS, queryFor, questionOf } from './questions.ts';
import { rowsOf, scoredRows, STANDING, type Rows } from './rows.ts';

const AT = '2026-05-01T10:00:00.000Z';
const LABELS: readonly BulkLabel[] = ['Antelope', 'Camel', 'Kangaroo'].map((name) => ({
  id: labelKey(name),
  name,
  subClasses: name === 'Camel' ? ['bactrian', 'dromedary'] : [labelKey(name)],
}));

function photo(n: number, label: string | null, more: Partial<Photo> = {}): Photo {
  const of = label === null ? null : { id: labelKey(label.replace('?', '')), by: 'Ada', at: AT };
  return {
    ...freshPhoto({
      id: n.toString(16).padStart(64, '0') as PhotoId,
      fileName: `${String(n)}.jpg`,
      bytes: 1,
      width: 1,
      height: 1,
      source: 'file',
      addedAt: AT,
      addedBy: 'Ada',
      origin: 'real',
      label: of && { kind: label?.endsWith('?') === true ? 'unknown' : 'sub-class', ...of },
      canonicalSize: 299,
      pixels: '0'.repeat(64),
      hash: '0'.repeat(16),
    }),
    ...more,
  };
}

function result(n: number, top: readonly (readonly [string, number])[], aside = false): BulkResult {
  const id = n.toString(16).padStart(64, '0');
  return {
    key: `row ${String(n)}`,
    photo: id,
    inLibrary: true,
    file: `${String(n)}.jpg`,
    top: top.map(([label, score]) => ({ label, score })),
    aside,
  };
}

function rows(photos: readonly Photo[], results: readonly BulkResult[], inside = true): Rows {
  const byId = new Map(photos.map((one) => [one.id as string, one]));
  return rowsOf(scoredRows(results, LABELS), inside, (id) => byId.get(id));
}

function library(photos: readonly Photo[], names: readonly string[], rule: readonly string[] = []): Needs {
  const subClasses = names.map((name) => ({
    v: 2 as const,
    id: labelKey(name),
    name,
    createdAt: AT,
    createdBy: 'Ada',
    flop: true,
  }));
  const ids = rule.map(labelKey);
  const mergeRules =
    ids.length === 0
      ? []
      : [{ v: 1 as const, id: labelKey('camel'), name: 'Camel', subClasses: ids, note: '' }];
  return needsOf({ photos, subClasses, mergeRules, benchmarks: [] });
}

const NO_NEEDS = library([], []);

function ask(query: Partial<BulkQuery>, of: Rows, needs = NO_NEEDS): string[] {
  const places = answer({ ...EVERYTHING, ...query }, of, needs, new Orders(of));
  return [...places].map((at) => of.results[at]?.file.replace('.jpg', '') ?? '?');
}

describe('a query is data', () => {
  const bound = fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10);
  const minimum = fc.integer({ min: 1, max: 500 });
  const guess = fc.oneof(
    fc.constant({ kind: 'any' } as const),
    fc.string({ minLength: 1 }).map((id) => ({ kind: 'class', id }) as const),
    minimum.map((m) => ({ kind: 'short', minimum: m }) as const),
    minimum.map((m) => ({ kind: 'staged', minimum: m }) as const),
  );
  const label = fc.oneof(
    fc.constantFrom(...LABELS_ASKED),
    fc.string({ minLength: 1 }).map((id) => `unknown ${id}` as const),
    fc.string({ minLength: 1 }).map((id) => `sub-class ${id}` as const),
  );
  const query = fc
    .record({
      guess,
      label,
      verdict: fc.constantFrom(...VERDICTS),
      aside: fc.boolean(),
      order: fc.constantFrom(...ORDERS),
      bounds: fc.tuple(bound, bound),
    })
    .map(({ bounds: [a, b], ...rest }) => withBounds({ ...EVERYTHING, ...rest }, a, b));

  test('it goes into the address and comes back the same', () => {
    fc.assert(
      fc.property(query, (q) => {
        const address = new URL(`https://zoo.test/?q=${encodeURIComponent(encodeQuery(q))}`);
        expect(decodeQuery(address.searchParams.get('q') ?? '')).toEqual(q);
      }),
    );
  });

  test('whatever else stands there asks for something that makes sense', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const q = decodeQuery(text);
        expect(q.from).toBeLessThanOrEqual(q.to);
        expect(sameQuery(decodeQuery(encodeQuery(q)), q)).toBe(true);
      }),
    );
    expect(decodeQuery('score=90-10&short=-4&order=__proto__')).toEqual({ ...EVERYTHING, from: 10, to: 90 });
  });

  test('every question knows itself, also with other numbers and another class', () => {
    const setting = { minimum: 40, threshold: 0.95, looks: 'kangaroo' };
    for (const name of QUESTIONS) expect(questionOf(queryFor(name, setting), setting)).toBe(name);
    const asked = { ...queryFor('unknown', setting), label: 'unknown big mouse' } as const;
    expect(questionOf({ ...asked, guess: { kind: 'class', id: 'antelope' } }, setting)).toBe('unknown');
    expect(questionOf({ ...queryFor('lowest', setting), to: 12 }, setting)).toBe('lowest');
    expect(questionOf({ ...EVERYTHING, verdict: 'agrees' }, setting)).toBeNull();
  });

  test('the answer is what asking one by one gives, in order, and counts by class add up', () => {
    const scored = fc.array(
      fc.tuple(
        fc.constantFrom('antelope', 'camel', 'kangaroo', 'gone', ''),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
      { maxLength: 40 },
    );
    const wearing = fc.constantFrom(null, 'Antelope', 'Bactrian', 'Okapi', 'Big mouse?');
    fc.assert(
      fc.property(query, scored, fc.array(wearing, { minLength: 40, maxLength: 40 }), (q, tops, worn) => {
        const all = tops.map(([id, score], n) => result(n, id === '' ? [] : [[id, score]]));
        const photos = worn.slice(0, 30).map((name, n) => photo(n, name));
        const of = rows(photos, all, false);
        const needs = library(
          photos,
          ['Antelope', 'Bactrian', 'Dromedary', 'Kangaroo'],
          ['Bactrian', 'Dromedary'],
        );
        const places = answer(q, of, needs, new Orders(of));
        const fits = fitting(q, of, needs);
        expect(new Set(places)).toEqual(new Set(all.map((_, at) => at).filter(fits)));
        const scores = [...places].map((at) => of.score[at]!).filter((s) => !Number.isNaN(s));
        if (q.order === 'lowest') expect(scores).toEqual(scores.toSorted((a, b) => a - b));
        if (q.order === 'highest') expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        const counts = countsByClass(q, of, needs);
        counts.forEach((n, at) => {
          const one = { ...q, guess: { kind: 'class', id: LABELS[at]!.id } } as const;
          expect(answer(one, of, needs, new Orders(of))).toHaveLength(n);
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe('the questions of the sources', () => {
  test('antelope at a lower confidence: a band with its lower end (P4-21)', () => {
    const of = rows(
      [1, 2, 3, 4, 5].map((n) => photo(n, null)),
      [
        result(1, [['antelope', 0.2]]),
        result(2, [['antelope', 0.79]]),
        result(3, [['antelope', 0.8]]),
        result(4, [['camel', 0.5]]),
        result(5, [['antelope', 0.19]]),
      ],
    );
    expect(ask(queryFor('lookalike', { minimum: 40, threshold: 0.95, looks: 'antelope' }), of)).toEqual([
      '2',
      '1',
    ]);
  });

  test('unknown labels that look like a kangaroo (P4-22)', () => {
    const of = rows(
      [photo(1, 'Big mouse?'), photo(2, 'Odd bird?'), photo(3, null), photo(4, 'Big mouse?')],
      [1, 2, 3, 4].map((n) => result(n, [[n === 4 ? 'camel' : 'kangaroo', n / 10]])),
    );
    const query = queryFor('unknown', { minimum: 40, threshold: 0.95, looks: 'kangaroo' });
    expect(ask(query, of)).toEqual(['2', '1']);
    expect(ask({ ...query, label: 'unknown big mouse' }, of)).toEqual(['1']);
    expect(ask({ ...query, label: 'unknown nobody' }, of)).toEqual([]);
  });

  test('lowest scores come first and stop below the bound; what could not be read has no score (P4-23)', () => {
    const of = rows(
      [1, 2, 3, 4].map((n) => photo(n, 'Antelope')),
      [
        result(1, [['antelope', 0.3]]),
        result(2, [['camel', 0.1]]),
        result(3, []),
        result(4, [['camel', 0.9]]),
      ],
    );
    expect(ask({ to: 40, order: 'lowest' }, of)).toEqual(['2', '1']);
    expect(ask({ order: 'lowest' }, of)).toEqual(['2', '1', '4', '3']);
  });

  test('a guess differs from the label only where the version knows the label; merged classes agree (P5-39)', () => {
    const of = rows(
      [photo(1, 'Antelope'), photo(2, 'Bactrian'), photo(3, 'Okapi'), photo(4, 'Antelope')],
      [1, 2, 3, 4].map((n) => result(n, [[n === 4 ? 'antelope' : 'camel', 0.9]])),
    );
    expect(ask({ verdict: 'differs' }, of)).toEqual(['1']);
    expect(ask({ verdict: 'agrees' }, of)).toEqual(['2', '4']);
    expect(ask({ verdict: 'foreign' }, of)).toEqual(['3']);
  });

  test('sure ones without a label, class by class, from exactly the threshold on (P5-40)', () => {
    const of = rows(
      [photo(1, null), photo(2, 'Big mouse?'), photo(3, 'Antelope'), photo(4, null)],
      [
        result(1, [['kangaroo', 0.95]]),
        result(2, [['antelope', 0.96]]),
        result(3, [['antelope', 0.99]]),
        result(4, [['antelope', 0.9499]]),
      ],
    );
    expect(ask(queryFor('sure', { minimum: 40, threshold: 0.95, looks: null }), of)).toEqual(['2', '1']);
  });

  test('classes short of the minimum, after merge rules, and what a lower one would gain (P4-18, P4-19, P4-24)', () => {
    const few = (name: string, count: number, from: number, more: Partial<Photo> = {}): Photo[] =>
      Array.from({ length: count }, (_, n) => photo(from + n, name, more));
    const photos = [
      ...few('Antelope', 36, 100),
      ...few('Bactrian', 25, 200),
      ...few('Dromedary', 15, 300),
      ...few('Kangaroo', 60, 400, { excluded: true }),
      ...few('Kangaroo', 4, 500),
    ];
    const needs = library(
      photos,
      ['Antelope', 'Bactrian', 'Dromedary', 'Kangaroo'],
      ['Bactrian', 'Dromedary'],
    );
    expect(needs.classes.filter((n) => isShort(n, 40)).map((n) => n.id)).toEqual(['antelope', 'kangaroo']);
    expect(gainedAt(needs, 40, 35).map((n) => [n.name, photosOf(n)])).toEqual([['Antelope', 36]]);
    expect(needOf(LABELS[1]!, needs)?.name).toBe('Camel');
    const of = rows(
      [1, 2, 3].map((n) => photo(n, null)),
      [result(1, [['antelope', 0.5]]), result(2, [['camel', 0.5]]), result(3, [['kangaroo', 0.5]])],
    );
    expect(ask({ guess: { kind: 'short', minimum: 40 } }, of, needs)).toEqual(['1', '3']);
    expect(ask({ guess: { kind: 'short', minimum: 10 } }, of, needs)).toEqual(['3']);
  });

  test('classes that lean on staged photos (P4-20)', () => {
    const many = (name: string, origin: Photo['origin'], count: number, from: number): Photo[] =>
      Array.from({ length: count }, (_, n) => photo(from + n, name, { origin }));
    const photos = [
      ...many('Antelope', 'real', 39, 0),
      ...many('Antelope', 'staged', 9, 100),
      ...many('Kangaroo', 'real', 40, 200),
      ...many('Kangaroo', 'staged', 20, 300),
    ];
    const needs = library(photos, ['Antelope', 'Kangaroo']);
    expect(needs.classes.filter((n) => leansOnStaged(n, 40)).map((n) => n.id)).toEqual(['antelope']);
  });

  test('what left the library is gone from its own job, and merely outside for files; set aside apart', () => {
    const all = [result(1, [['camel', 0.9]], true), result(2, [['camel', 0.8]])];
    expect([...rows([photo(2, null)], all).standing]).toEqual([STANDING.gone, STANDING.bare]);
    const files = rows([photo(2, null)], all, false);
    expect(ask({}, files)).toEqual(['2']);
    expect(ask({ aside: true }, files)).toEqual(['1']);
    expect(ask({ label: 'outside', aside: true }, files)).toEqual(['1']);
  });

  test('hostile names are names', () => {
    const of = rows([photo(1, '__proto__')], [result(1, [['__proto__', 0.5]])]);
    expect(ask({ guess: { kind: 'class', id: '__proto__' } }, of)).toEqual([]);
    expect(ask({ label: 'sub-class __proto__' }, of)).toEqual(['1']);
  });
});
