import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DEFAULT_THRESHOLD, labelKey } from '#shared/schema/names.ts';
import { benchmark, mergeRule, photo, photoId, photos, subClass } from '#shared/testing/library.ts';

import { classesOf, findClasses } from './classes.ts';
import { classRows, confusedRows, figuresOf, missedBy } from './figures.ts';
import { quizKey } from './keys.ts';
import { questionsOf, type Question } from './questions.ts';
import { ended, leftOf, newQuiz, recentAnswers, withAnswer, without } from './record.ts';
import { sampleOf } from './sample.ts';
import { inCommon, modelSide, personSide, truthsOf } from './sides.ts';
import { createStopwatch } from './stopwatch.ts';

const ZOO = {
  subClasses: ['Chimp', 'Bonobo', 'Lion', 'Tiger'].map(subClass),
  mergeRules: [mergeRule('Apes', 'chimp', 'bonobo')],
};
const classes = classesOf(ZOO, []);
const [APES, LION, TIGER] = ['apes', 'lion', 'tiger'].map(labelKey) as [Id, Id, Id];
type Id = ReturnType<typeof labelKey>;

const anyQuestions = fc
  .array(fc.record({ truth: fc.constantFrom(APES, LION, TIGER, labelKey('Okapi')), own: fc.boolean() }), {
    maxLength: 60,
  })
  .map((all): Question[] => all.map((one, n) => ({ photo: photoId(n), ...one })));
const anyWish = fc.record({
  seed: fc.nat(9999),
  count: fc.integer({ min: 1, max: 80 }),
  leaveOwn: fc.boolean(),
});

const tally = (questions: readonly Question[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { truth } of questions) counts.set(truth, (counts.get(truth) ?? 0) + 1);
  return counts;
};

describe('P6-28 the sample', () => {
  test('depends on the seed and on what there is, not on the order of the photos', () => {
    const shuffled = anyQuestions.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, anyWish, ([all, other], wish) => {
        expect(sampleOf(other, wish)).toEqual(sampleOf(all, wish));
      }),
    );
  });

  test('asks as many different photos as wished or as there are', () => {
    fc.assert(
      fc.property(anyQuestions, anyWish, (all, wish) => {
        const asked = sampleOf(all, wish);
        expect(new Set(asked.map((q) => q.photo)).size).toBe(Math.min(wish.count, all.length));
        expect(asked).toHaveLength(Math.min(wish.count, all.length));
      }),
    );
  });

  test('no class gets two questions more than another one that has photos left', () => {
    fc.assert(
      fc.property(anyQuestions, anyWish, (all, wish) => {
        const asked = tally(sampleOf(all, { ...wish, leaveOwn: false }));
        const most = Math.max(0, ...asked.values());
        for (const [truth, there] of tally(all))
          expect(asked.get(truth) ?? 0).toBeGreaterThanOrEqual(Math.min(there, most - 1));
      }),
    );
  });

  test('photos that the person named are asked only where all others are', () => {
    fc.assert(
      fc.property(anyQuestions, anyWish, (all, wish) => {
        const asked = sampleOf(all, { ...wish, leaveOwn: true });
        const others = all.filter(({ own }) => !own).length;
        expect(asked.filter(({ own }) => !own)).toHaveLength(Math.min(wish.count, others));
      }),
    );
  });

  test('another number asks others, and classes do not come in turns', () => {
    const all = [APES, LION, TIGER].flatMap((truth, c) =>
      Array.from({ length: 40 }, (_, n): Question => ({ photo: photoId(100 * c + n), truth, own: false })),
    );
    const one = sampleOf(all, { seed: 1, count: 30, leaveOwn: true });
    const two = sampleOf(all, { seed: 2, count: 30, leaveOwn: true });
    expect(one.map((q) => q.photo)).not.toEqual(two.map((q) => q.photo));
    expect(tally(one)).toEqual(
      new Map([
        [APES, 10],
        [LION, 10],
        [TIGER, 10],
      ]),
    );
    const rounds = Array.from(
      { length: 10 },
      (_, r) => new Set(one.slice(3 * r, 3 * r + 3).map((q) => q.truth)),
    );
    expect(rounds.some((round) => round.size < 3)).toBe(true);
  });
});

describe('P6-28 what can be asked', () => {
  const opinions = [
    { by: 'Ada', at: '2026-01-02T03:04:05.000Z', label: { kind: 'sub-class', id: LION } } as const,
  ];
  const library = {
    photos: [
      photo(0, 'Chimp'),
      photo(1, 'Lion', { opinions }),
      photo(2, 'Tiger', { excluded: true }),
      photo(3, null),
      photo(4, 'Bonobo'),
    ],
    confused: { v: 1 as const, pairs: [{ truth: LION, predicted: TIGER, weight: 0.5 }] },
  };
  const asked = (
    source: Parameters<typeof questionsOf>[1],
    with_ = classes,
  ): (readonly [number, string, boolean])[] =>
    questionsOf(library, source, with_, 'Ada').map((q) => [Number(`0x${q.photo}`), q.truth, q.own]);

  test('labelled photos that are not excluded, as classes; who named them', () => {
    expect(asked({ kind: 'library' })).toEqual([
      [0, 'apes', false],
      [1, 'lion', true],
      [4, 'apes', false],
    ]);
    expect(questionsOf(library, { kind: 'library' }, classes, '').some((q) => q.own)).toBe(false);
  });

  test('only look-alikes, only what the version knows', () => {
    expect(asked({ kind: 'confused' })).toEqual([[1, 'lion', true]]);
    const label = {
      id: labelKey('Chimpanzee'),
      name: 'Chimpanzee',
      subClasses: [labelKey('Chimp')],
      note: '',
    };
    expect(asked({ kind: 'known' }, classesOf(ZOO, [label])).map(([, truth]) => truth)).toEqual([
      'apes',
      'apes',
    ]);
  });

  test('a benchmark counts by its own word, out of scope is not asked, excluded photos are', () => {
    const hard = benchmark('Hard', 'difficult', [
      [1, 'tiger'],
      [2, 'tiger'],
      [3, null],
      [99, 'lion'],
    ]);
    expect(asked({ kind: 'benchmark', benchmark: hard })).toEqual([
      [1, 'tiger', true],
      [2, 'tiger', false],
    ]);
  });

  test('rules that contradict each other leave every label its own class', () => {
    const torn = classesOf(
      { ...ZOO, mergeRules: [...ZOO.mergeRules, mergeRule('Cats', 'chimp', 'lion')] },
      [],
    );
    expect(torn.classes.map(({ id }) => id)).toEqual(['bonobo', 'chimp', 'lion', 'tiger']);
  });

  test('classes are found by their own name and by those of their sub-classes', () => {
    expect(findClasses(classes, 'bon')).toEqual([
      { key: 'apes', text: 'Apes', value: 'apes', hint: 'Bonobo, Chimp' },
    ]);
    expect(findClasses(classes, 'i').map(({ text }) => text)).toEqual(['Apes', 'Lion', 'Tiger']);
    expect(findClasses(classes, 'zebra')).toEqual([]);
  });
});

describe('P6-28 a sitting', () => {
  const library = {
    benchmarks: [],
    photo: (id: string) => photos(0, 3, 'Lion').find((one) => one.id === id),
  };
  const fresh = newQuiz({ seed: 7, from: 'All', benchmark: null, photos: [0, 1, 2, 9].map(photoId) }, 'Ada');

  test('goes forward over what is there, and ends', () => {
    expect(leftOf(fresh, library, classes).map(({ photo: id }) => id)).toEqual([0, 1, 2].map(photoId));
    const one = withAnswer(fresh, { photo: photoId(0), truth: LION, answer: TIGER, ms: 900 });
    const two = without(one, photoId(1));
    expect(leftOf(two, library, classes)).toEqual([{ photo: photoId(2), truth: 'lion' }]);
    expect(fresh.answers).toEqual([]);
    expect(ended(two).finishedAt).toBeTypeOf('string');
  });

  test('answers given keep their slots, whatever was not known', () => {
    const given = [TIGER, null, LION, TIGER].map((answer) => ({
      photo: photoId(0),
      truth: LION,
      answer,
      ms: 1,
    }));
    expect(recentAnswers(given)).toEqual([TIGER, LION]);
  });

  test('time counts while the watch runs, in whole milliseconds', () => {
    let now = 1000;
    const watch = createStopwatch(() => now);
    const wait = (ms: number): void => void (now += ms);
    wait(500);
    watch.run();
    wait(1000);
    watch.run();
    wait(234.4);
    watch.halt();
    wait(60_000);
    expect(watch.ms()).toBe(1234);
    watch.run();
    wait(6);
    expect(watch.ms()).toBe(1240);
    watch.reset();
    wait(5);
    expect([watch.ms(), watch.running()]).toEqual([0, false]);
  });

  test.each([
    ['3', 'page', { kind: 'quick', at: 2 }],
    ['3', 'field', { kind: 'quick', at: 2 }],
    ['3', 'typing', null],
    ['0', 'field', { kind: 'unknown' }],
    ['é', 'page', { kind: 'type', swallow: false }],
    ['/', 'page', { kind: 'type', swallow: true }],
    ['l', 'field', null],
    ['Escape', 'typing', { kind: 'pause' }],
    ['Enter', 'page', null],
    [' ', 'page', null],
  ] as const)('key %s in %s', (key, where, meant) => {
    expect(quizKey(key, where)).toEqual(meant);
  });
});

describe('P6-28 sides and their figures', () => {
  const answer = (n: number, truth: Id, said: Id | null, ms: number) => ({
    photo: photoId(n),
    truth,
    answer: said,
    ms,
  });
  const answers = [
    answer(0, LION, LION, 1000),
    answer(1, LION, TIGER, 2000),
    answer(2, TIGER, null, 3000),
    answer(3, APES, APES, 4000),
  ];
  const truths = truthsOf(answers);
  const mine = personSide(answers, truths);
  const guess = (label: string, score: number, ...subClasses: string[]) => ({ label, score, subClasses });
  const guesses = new Map([
    [photoId(0), guess('lion', 0.99, 'lion')],
    [photoId(1), guess('tiger', 0.6, 'tiger')],
    [photoId(2), guess('tiger', 0.5, 'tiger')],
    [photoId(3), guess('bonobo', 0.97, 'bonobo')],
    [photoId(8), guess('tiger', 0.5, 'tiger')],
  ]);
  const model = modelSide(guesses, truths, classes, DEFAULT_THRESHOLD);
  const all = inCommon([mine, model]);

  test('right, wrong and not answered are all photos; a guess within the class is right', () => {
    expect(all).toEqual([0, 1, 2, 3].map(photoId));
    expect(figuresOf(mine, all)).toMatchObject({
      photos: 4,
      right: 2,
      toldRight: 2,
      toldWrong: 1,
      untold: 1,
    });
    expect(figuresOf(mine, all).ms).toEqual({ low: 1750, median: 2500, high: 3250 });
    expect(figuresOf(model, all)).toMatchObject({
      right: 3,
      toldRight: 2,
      toldWrong: 0,
      untold: 2,
      ms: null,
    });
    expect(figuresOf(model, []).accuracy).toBeNull();
  });

  test('who missed what', () => {
    expect(missedBy(mine, model, all)).toEqual({
      both: [photoId(1)],
      firstOnly: [photoId(2)],
      secondOnly: [],
    });
  });

  test('what was taken for what, by whom; "I don’t know" takes nothing for anything', () => {
    expect(confusedRows([mine, model], all, truths)).toEqual([
      { truth: 'lion', named: 'tiger', counts: [1, 1], photos: [photoId(1)] },
    ]);
  });

  test('class by class, the least known first', () => {
    const rows = classRows([mine, model], all, truths);
    expect(rows.map((row) => [row.class, row.photos.length, ...row.sides.map((s) => s.right)])).toEqual([
      ['tiger', 1, 0, 1],
      ['lion', 2, 1, 1],
      ['apes', 1, 1, 1],
    ]);
  });

  test('two sittings are compared on the photos that both had, by the same truth', () => {
    const corrected = [answer(1, TIGER, TIGER, 10), answer(7, LION, LION, 10), answer(3, APES, LION, 10)];
    const theirs = personSide(corrected, truths);
    expect(inCommon([mine, theirs])).toEqual([photoId(1), photoId(3)]);
    expect(theirs.get(photoId(1))?.right).toBe(false);
  });

  test('the parts add up, and so do the groups of missed photos', () => {
    const anyAnswers = fc
      .array(
        fc.record({
          truth: fc.constantFrom(LION, TIGER),
          said: fc.option(fc.constantFrom(LION, TIGER, APES)),
        }),
      )
      .map((list) => list.map(({ truth, said }, n) => answer(n, truth, said, n)));
    fc.assert(
      fc.property(anyAnswers, anyAnswers, (some, others) => {
        const [one, two] = [personSide(some, truthsOf(some)), personSide(others, truthsOf(some))];
        const both = inCommon([one, two]);
        const figures = figuresOf(one, both);
        expect(figures.toldRight + figures.toldWrong + figures.untold).toBe(both.length);
        const missed = missedBy(one, two, both);
        expect(missed.both.length + missed.firstOnly.length).toBe(both.length - figures.right);
        const taken = confusedRows([one], both, truthsOf(some)).reduce(
          (n, row) => n + (row.counts[0] ?? 0),
          0,
        );
        expect(taken).toBe(figures.toldWrong);
      }),
    );
  });
});
