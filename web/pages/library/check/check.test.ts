import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { labelKey, type PhotoId } from '#shared/schema/names.ts';
import { freshPhoto, type Photo } from '#shared/schema/photo.ts';

import type { CheckPass, CheckWish } from '../../../state/contract-check.ts';
import type { LabelError } from '../../../state/contract.ts';
import { passOf } from './begin.ts';
import { isKept, keptFor, outcomesOf } from './outcome.ts';
import { CHECK_ORDERS, NO_SETS, photosOf, queueOf, type Stock } from './queue.ts';
import { answersOfScores } from './scores.ts';
import { tallyOf } from './tally.ts';
import { classesOf, rivalOf, verdictOf, verdictsOf, type Answer, type Judge } from './verdicts.ts';
import { askedIn } from './words.ts';

const AT = '2026-05-01T09:30:00.000Z';
const id = (n: number): PhotoId => n.toString(16).padStart(64, '0') as PhotoId;

function photo(n: number, label: string | null, at = AT): Photo {
  return freshPhoto({
    id: id(n),
    fileName: `${String(n)}.jpg`,
    bytes: 1,
    width: 1,
    height: 1,
    source: 'file',
    addedAt: AT,
    addedBy: 'Ada',
    origin: 'real',
    label: label === null ? null : { kind: 'sub-class', id: labelKey(label), by: 'Ada', at },
    canonicalSize: 299,
    pixels: '0'.repeat(64),
    hash: '0'.repeat(16),
  });
}

const JUDGE: Judge = {
  version: 7 as Judge['version'],
  threshold: 0.95,
  labels: [
    { id: 'cheetah', name: 'Cheetah', subClasses: ['cheetah'] },
    { id: 'leopard', name: 'Leopard', subClasses: ['leopard'] },
    { id: 'apes', name: 'Apes', subClasses: ['bonobo', 'chimpanzee'] },
  ],
};
const CLASSES = classesOf(JUDGE.labels, []);
const says = (...guesses: (readonly [string, number])[]): Answer => ({
  top: guesses.map(([label, score]) => ({ label, score })),
  set: null,
});

function stockOf(photos: readonly Photo[], answers: Stock['answers'], more: Partial<Stock> = {}): Stock {
  return {
    photos,
    answers,
    verdicts: verdictsOf(photos, answers, CLASSES, JUDGE.threshold),
    suspects: [],
    picked: [],
    sets: NO_SETS,
    kept: () => false,
    again: false,
    ...more,
  };
}

describe('verdicts', () => {
  const judged = (label: string | null, answer: Answer | undefined) =>
    verdictOf(photo(1, label), answer, CLASSES, JUDGE.threshold);

  test('P3-02 P3-57 wrong, low or sure, with the score of its own class', () => {
    expect(judged('Cheetah', says(['leopard', 0.9], ['cheetah', 0.1]))).toMatchObject({
      kind: 'wrong',
      truth: 'cheetah',
      best: 'leopard',
      own: 0.1,
    });
    expect(judged('Cheetah', says(['cheetah', 0.949]))).toMatchObject({ kind: 'low', own: 0.949 });
    expect(judged('Cheetah', says(['cheetah', 0.95]))).toMatchObject({ kind: 'sure' });
  });

  test('its own class beyond the five best scores 0', () => {
    expect(judged('Cheetah', says(['leopard', 0.5]))?.own).toBe(0);
  });

  test('sub-classes of a merged class are one class', () => {
    expect(judged('Bonobo', says(['apes', 0.99]))?.kind).toBe('sure');
  });

  test('nothing to judge: no label, no answer, a label that the version does not know', () => {
    expect(judged(null, says(['apes', 0.9]))).toBeNull();
    expect(judged('Cheetah', undefined)).toBeNull();
    expect(judged('Okapi', says(['apes', 0.9]))).toBeNull();
  });

  test('a sub-class that was merged since is in the class that its rule names', () => {
    const rule = { v: 1 as const, id: labelKey('Cheetah'), name: 'Cheetah', note: '' };
    const rules = [{ ...rule, subClasses: [labelKey('Cheetah'), labelKey('King cheetah')] }];
    expect(classesOf(JUDGE.labels, rules).classOf('king cheetah')).toBe('cheetah');
  });

  test('beside it stands the best guess that is not its own class', () => {
    const { top } = says(['cheetah', 0.6], ['leopard', 0.3]);
    expect(rivalOf(top, 'cheetah')?.label).toBe('leopard');
    expect(rivalOf(top, undefined)?.label).toBe('cheetah');
  });

  test('P3-03 a published matrix says the best guess, the score of the label of then, and the set', () => {
    const photos = new Uint8Array(64);
    photos[31] = 1;
    photos[63] = 2;
    const answers = answersOfScores(
      {
        photos,
        truths: Int32Array.of(0, -1),
        best: Int32Array.of(1, 1),
        bestScores: Float64Array.of(0.8, 0.7),
        truthScores: Float64Array.of(0.2, 0),
      },
      {
        labels: JUDGE.labels,
        rows: 2,
        sets: [
          { name: 'validation', kind: null, rows: 1 },
          { name: 'benchmark:odd', kind: 'out-of-scope', rows: 1 },
        ],
      },
    );
    expect(answers.get(id(1))).toEqual({
      top: [
        { label: 'leopard', score: 0.8 },
        { label: 'cheetah', score: 0.2 },
      ],
      set: 'validation',
    });
    expect(answers.get(id(2))).toEqual({ top: [{ label: 'leopard', score: 0.7 }], set: 'benchmark:odd' });
  });
});

/** Any library of some photos, and any verdicts on them. */
const anyStock = fc
  .array(
    fc.record({
      label: fc.constantFrom('Cheetah', 'Leopard', 'Bonobo', 'Chimpanzee', 'Okapi', null),
      best: fc.constantFrom('cheetah', 'leopard', 'apes'),
      score: fc.integer({ min: 34, max: 100 }).map((n) => n / 100),
      seen: fc.boolean(),
      excluded: fc.boolean(),
      kept: fc.boolean(),
      set: fc.constantFrom('training', 'validation', null),
    }),
    { maxLength: 40 },
  )
  .map((rows) => {
    const photos = rows.map((row, n) => ({ ...photo(n, row.label), excluded: row.excluded }));
    const answers = new Map<string, Answer>();
    rows.forEach(({ seen, best, score, set }, n) => {
      if (seen) answers.set(id(n), { ...says([best, score]), set });
    });
    const kept = new Set(rows.flatMap((row, n) => (row.kept ? [id(n)] : [])));
    return stockOf(photos, answers, { kept: (p) => kept.has(p.id) });
  });

const WISHES: readonly CheckWish[] = [
  { kind: 'doubtful' },
  { kind: 'pair', truth: 'cheetah', predicted: 'leopard' },
  { kind: 'both', truth: 'cheetah', predicted: 'leopard' },
  { kind: 'class', id: 'apes', all: true },
  { kind: 'class', id: 'apes', all: false },
  { kind: 'label', id: 'bonobo', all: true },
  { kind: 'label', id: 'bonobo', all: false },
  { kind: 'set', name: 'training', all: true },
  { kind: 'set', name: 'training', all: false },
];

function counted(wish: CheckWish, stock: Stock): number | undefined {
  const { kinds, pairs, classes, labels, sets } = tallyOf(stock);
  const all = (of: string): number => classes.get(of)?.all ?? 0;
  const pick = (count?: { all: number; doubtful: number }, whole?: boolean): number =>
    (whole ? count?.all : count?.doubtful) ?? 0;
  switch (wish.kind) {
    case 'doubtful':
      return kinds.wrong + kinds.low;
    case 'pair':
      return pairs.find((p) => p.truth === wish.truth && p.predicted === wish.predicted)?.photos ?? 0;
    case 'both':
      return all(wish.truth) + all(wish.predicted);
    case 'class':
      return pick(classes.get(wish.id), wish.all);
    case 'label':
      return pick(labels.get(wish.id), wish.all);
    case 'set':
      return pick(sets.get(wish.name), wish.all);
    default:
      return undefined;
  }
}

describe('queue', () => {
  test('P3-63 P3-64 every count is the length of the queue that its button begins', () => {
    fc.assert(
      fc.property(anyStock, (stock) => {
        for (const wish of WISHES)
          expect(queueOf(wish, 'sure-wrong', stock).length).toBe(counted(wish, stock));
      }),
    );
  });

  test('an order moves photos and neither adds nor loses any, wherever they stood before', () => {
    fc.assert(
      fc.property(
        anyStock,
        fc.constantFrom(...CHECK_ORDERS),
        fc.constantFrom(...WISHES),
        (stock, order, wish) => {
          const queue = queueOf(wish, order, stock).map((item) => item.photo);
          const turned = queueOf(wish, order, { ...stock, photos: stock.photos.toReversed() });
          expect(turned.map((item) => item.photo)).toEqual(queue);
          expect(queue.toSorted()).toEqual(
            photosOf(wish, stock)
              .map((p) => p.id as string)
              .toSorted(),
          );
        },
      ),
    );
  });

  test('P3-57 sure and wrong first: the surer the earlier; then right ones, the least sure first', () => {
    fc.assert(
      fc.property(anyStock, (stock) => {
        const verdicts = queueOf({ kind: 'doubtful' }, 'sure-wrong', stock).map(({ photo: of }) =>
          stock.verdicts.get(of),
        );
        const ranks = verdicts.map((v) => (v?.kind === 'wrong' ? -v.score : (v?.own ?? 9)));
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
        const low = queueOf({ kind: 'doubtful' }, 'low-own', stock).map(
          ({ photo: of }) => stock.verdicts.get(of)?.own ?? 9,
        );
        expect(low).toEqual(low.toSorted((a, b) => a - b));
      }),
    );
  });

  test('P3-04 what was kept or is kept out of training is not asked about; kept ones on wish', () => {
    fc.assert(
      fc.property(anyStock, (stock) => {
        const byId = new Map(stock.photos.map((p) => [p.id as string, p]));
        const of = (s: Stock): (Photo | undefined)[] =>
          queueOf({ kind: 'doubtful' }, 'sure-wrong', s).map((item) => byId.get(item.photo));
        for (const p of of(stock)) expect(p && !p.excluded && !stock.kept(p)).toBe(true);
        expect(of({ ...stock, again: true }).length).toBeGreaterThanOrEqual(of(stock).length);
      }),
    );
  });

  test('P3-63 pairs by how often they come up, the largest first', () => {
    const photos = [1, 2, 3].map((n) => photo(n, 'Cheetah')).concat(photo(4, 'Leopard'));
    const answers = new Map(photos.map((p, i) => [p.id as string, says([i < 3 ? 'leopard' : 'apes', 0.9])]));
    expect(tallyOf(stockOf(photos, answers)).pairs).toEqual([
      { truth: 'cheetah', predicted: 'leopard', photos: 3 },
      { truth: 'leopard', predicted: 'apes', photos: 1 },
    ]);
  });

  test('picked photos come as they were picked, whatever is known of them; suspects with what they look like', () => {
    const photos = [photo(1, 'Cheetah'), { ...photo(2, null), excluded: true }];
    const doubt: LabelError = {
      photo: id(1),
      given: 'cheetah',
      suggested: 'leopard',
      selfConfidence: 0.1,
      margin: 0.2,
      rules: ['class'],
    };
    const stock = stockOf(photos, new Map(), { picked: [id(2), id(1), id(9)], suspects: [doubt] });
    expect(queueOf({ kind: 'picked' }, 'sure-wrong', stock).map((item) => item.photo)).toEqual([
      id(2),
      id(1),
    ]);
    expect(queueOf({ kind: 'suspects' }, 'sure-wrong', stock)).toEqual([
      { photo: id(1), top: [], suspect: 'leopard' },
    ]);
  });

  test('photos that nobody has looked at are counted', () => {
    expect(tallyOf(stockOf([photo(1, 'Cheetah'), photo(2, null)], new Map())).unseen).toBe(1);
  });

  test('P3-65 a pass takes the first five thousand', () => {
    const photos = Array.from({ length: 5002 }, (_, n) => photo(n, 'Cheetah'));
    const answers = new Map(photos.map((p) => [p.id as string, says(['leopard', 0.9])]));
    const pass = passOf({ kind: 'doubtful' }, 'sure-wrong', stockOf(photos, answers), JUDGE);
    expect(pass.items).toHaveLength(5000);
  });
});

describe('what was decided', () => {
  const keep = (n: number, label: string, at: string, version = 7) => ({
    v: 1 as const,
    kind: 'keep' as const,
    id: `${id(n)} version ${String(version)}`,
    photo: id(n),
    version: version as Judge['version'],
    label: labelKey(label),
    reason: '',
    by: 'Ada',
    at,
  });

  test('P3-08 kept for this version with this label: another version or another label asks again', () => {
    const kept = keptFor(7, [keep(1, 'Cheetah', AT), keep(2, 'Cheetah', AT, 6)]);
    expect(isKept(photo(1, 'Cheetah'), kept)).toBe(true);
    expect(isKept(photo(1, 'Leopard'), kept)).toBe(false);
    expect(isKept(photo(2, 'Cheetah'), kept)).toBe(false);
  });

  test('the library itself tells what became of the photos of a pass', () => {
    const [before, begunAt, after] = [AT, '2026-06-01T00:00:00.000Z', '2026-06-02T00:00:00.000Z'];
    const stamp = { field: 'excluded' as const, by: 'Ada', at: after };
    const there = [
      photo(1, 'Cheetah'),
      photo(2, 'Leopard', after),
      { ...photo(3, 'Cheetah'), excluded: true, stamps: [stamp] },
      photo(5, 'Cheetah'),
      photo(6, 'Cheetah'),
      photo(7, 'Cheetah'),
    ];
    const pass: CheckPass = {
      v: 1,
      wish: { kind: 'doubtful' },
      ...JUDGE,
      begunAt,
      items: [1, 2, 3, 4, 5, 6, 7].map((n) => ({ photo: id(n), top: [], suspect: null })),
    };
    const library = {
      photo: (wanted: string) => there.find((p) => p.id === wanted),
      checks: [keep(1, 'Cheetah', after), keep(6, 'Cheetah', before), keep(7, 'Cheetah', after)],
      benchmarks: [
        {
          v: 1 as const,
          id: labelKey('hard'),
          name: 'Hard',
          kind: 'difficult' as const,
          frozenAt: null,
          items: [{ photo: id(7), truth: labelKey('Cheetah') }],
        },
      ],
    };
    expect(Object.fromEntries(outcomesOf(pass, library))).toEqual({
      kept: 1,
      relabelled: 1,
      faulty: 1,
      removed: 1,
      open: 2,
      benchmark: 1,
    });
  });
});

test('links ask for a pair, both its classes, a class or a label', () => {
  expect(askedIn('?truth=a%20b&predicted=c')).toEqual({ kind: 'pair', truth: 'a b', predicted: 'c' });
  expect(askedIn('?truth=a&predicted=c&both')).toEqual({ kind: 'both', truth: 'a', predicted: 'c' });
  expect(askedIn('?class=a')).toEqual({ kind: 'class', id: 'a', all: true });
  expect(askedIn('?label=a')).toEqual({ kind: 'label', id: 'a', all: true });
  expect(askedIn('?truth=a')).toBeNull();
});
