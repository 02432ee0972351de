import { describe, expect, test } from 'vitest';

import { DEFAULT_DATA_SET_OPTIONS, type DataSet, type DataSetOptions } from '../schema/dataset.ts';
import { labelKey } from '../schema/names.ts';
import type { Photo } from '../schema/photo.ts';
import { benchmark, idsOf, mergeRule, photo, photoId, photos, subClass } from '../testing/library.ts';
import { buildDataSet } from './build.ts';
import type { DataSetInput } from './input.ts';

function build(
  library: readonly Photo[],
  rest: Partial<Omit<DataSetInput, 'options'>> = {},
  options: Partial<DataSetOptions> = {},
): DataSet {
  const names = [...new Set(library.flatMap((p) => (p.label === null ? [] : [p.label.id])))];
  return buildDataSet({
    photos: library,
    subClasses: names.map(subClass),
    mergeRules: [],
    benchmarks: [],
    ...rest,
    options: { ...DEFAULT_DATA_SET_OPTIONS, ...options },
  });
}

const only = (built: DataSet): DataSet['classes'][number] => built.classes[0]!;
const reasons = (built: DataSet): string[] => [...new Set(built.leftOut.map((l) => l.reason))].sort();
const subClassCounts = (built: DataSet, library: readonly Photo[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  const used = new Set([...idsOf(built.training), ...idsOf(built.validation)]);
  for (const p of library.filter((x) => used.has(x.id))) counts[p.label!.id] = (counts[p.label!.id] ?? 0) + 1;
  return counts;
};

describe('minimum', () => {
  test('40 photos make a class, 39 do not and stay in the library (P2-01, P2-38, design §2.6)', () => {
    expect(only(build(photos(0, 40, 'ape')))).toMatchObject({ included: true, shortBy: 0, training: 36 });
    const short = build(photos(0, 39, 'ape'));
    expect(only(short)).toMatchObject({ included: false, shortBy: 1, training: 0 });
    expect(short.labels).toEqual([]);
    expect(reasons(short)).toEqual(['below-minimum']);
  });

  test('35 are enough for a throw-away run (P2-05)', () => {
    expect(build(photos(0, 35, 'ape'), {}, { minimum: 35 }).labels).toEqual(['ape']);
  });

  test('staged photos count towards it (design §2.4)', () => {
    const built = build([...photos(0, 10, 'ape'), ...photos(10, 30, 'ape', { origin: 'staged' })]);
    expect(only(built)).toMatchObject({ real: 10, staged: 30, included: true });
  });
});

describe('staged cap', () => {
  test('10 real photos take 50 staged ones, whatever there is (P2-27)', () => {
    const built = build([...photos(0, 10, 'ape'), ...photos(10, 80, 'ape', { origin: 'staged' })]);
    expect(only(built).training + only(built).validation).toBe(60);
    expect(built.leftOut).toHaveLength(30);
    expect(reasons(built)).toEqual(['staged-cap']);
  });

  test('synthetic photos come last, within the same cap (P2-24, P2-37)', () => {
    const library = [
      ...photos(0, 10, 'ape'),
      ...photos(10, 45, 'ape', { origin: 'staged' }),
      ...photos(55, 45, 'ape', { origin: 'synthetic' }),
    ];
    const built = build(library);
    const used = new Set([...idsOf(built.training), ...idsOf(built.validation)]);
    const count = (origin: string): number =>
      library.filter((p) => p.origin === origin && used.has(p.id)).length;
    expect([count('real'), count('staged'), count('synthetic')]).toEqual([10, 45, 5]);
  });

  test('60 real photos or more need no staged ones: they are phased out (P2-26, P2-28)', () => {
    const built = build([...photos(0, 60, 'ape'), ...photos(60, 20, 'ape', { origin: 'staged' })]);
    expect(idsOf(built.training).concat(idsOf(built.validation)).sort()).toEqual(
      photos(0, 60, 'ape').map((p) => p.id),
    );
  });
});

describe('maximum', () => {
  test('of 200 real photos 125 train and validate, 75 overflow to the test set (P2-03, P2-04, P2-39)', () => {
    const built = build([...photos(0, 200, 'ape'), ...photos(200, 40, 'bear')]);
    expect(built.classes.map((c) => [c.training, c.validation, c.test])).toEqual([
      [112, 13, 75],
      [36, 4, 0],
    ]);
    expect(built.leftOut).toEqual([]);
    expect(built.testCovers).toBe(1);
  });

  test('photos that are not real do not overflow (design §2.3)', () => {
    const built = build(
      [...photos(0, 10, 'ape'), ...photos(10, 50, 'ape', { origin: 'staged' })],
      {},
      {
        maximum: 50,
      },
    );
    expect(built.test).toEqual([]);
    expect(built.leftOut).toHaveLength(10);
    expect(reasons(built)).toEqual(['over-maximum']);
  });

  test('sub-classes of a merged class stay in balance (P1-54)', () => {
    const library = [...photos(0, 300, 'lion'), ...photos(300, 100, 'lioness'), ...photos(400, 20, 'cub')];
    const rest = { mergeRules: [mergeRule('lions', 'lion', 'lioness', 'cub')] };
    expect(subClassCounts(build(library, rest), library)).toEqual({ cub: 20, lion: 53, lioness: 52 });
  });

  test('near-duplicates make room for different photos (P2-48)', () => {
    const burst = photos(0, 30, 'ape', { hash: '0123456789abcdef' });
    const built = build([...burst, ...photos(30, 120, 'ape')]);
    const used = new Set([...idsOf(built.training), ...idsOf(built.validation)]);
    expect(burst.filter((p) => used.has(p.id)).length).toBe(5);
    expect(built.leftOut).toHaveLength(25);
    expect(reasons(built)).toEqual(['group-split']);
  });
});

describe('split', () => {
  test('90–10–0: one in ten validates (P2-44)', () => {
    expect(only(build(photos(0, 100, 'ape')))).toMatchObject({ training: 90, validation: 10, test: 0 });
  });

  test('80–10–10: with 40 photos 4 validate and 4 test (P2-02, P2-45)', () => {
    const split = { training: 80, validation: 10, test: 10 };
    expect(only(build(photos(0, 40, 'ape'), {}, { split }))).toMatchObject({
      training: 32,
      validation: 4,
      test: 4,
    });
  });

  test('a class with two photos has one for validation', () => {
    expect(only(build(photos(0, 2, 'ape'), {}, { minimum: 1 }))).toMatchObject({
      training: 1,
      validation: 1,
    });
  });

  test('another seed chooses others, the same seed the same', () => {
    const chosen = (seed: number): string[] => idsOf(build(photos(0, 100, 'ape'), {}, { seed }).validation);
    expect(chosen(1)).toEqual(chosen(1));
    expect(chosen(1)).not.toEqual(chosen(2));
  });

  test('the split is stable when the library grows: who trained before does not validate later', () => {
    const before = build(photos(0, 100, 'ape'));
    const after = build([...photos(0, 104, 'ape'), ...photos(200, 50, 'bear')]);
    const trained = new Set(idsOf(before.training));
    expect(idsOf(after.validation).filter((id) => trained.has(id))).toEqual([]);
  });

  test('these photos and this seed give exactly this validation set, on every platform', () => {
    const built = build(photos(0, 40, 'ape'));
    expect(idsOf(built.validation)).toEqual([19, 25, 28, 34].map(photoId));
  });
});

describe('near-duplicates', () => {
  test('a group across two classes stays together (P2-31)', () => {
    const twin = { hash: 'ffff0000ffff0000' };
    const library = [
      ...photos(0, 20, 'ape'),
      ...photos(20, 20, 'bear'),
      photo(50, 'ape', twin),
      photo(51, 'bear', twin),
    ];
    for (let seed = 0; seed < 20; seed++) {
      const built = build(
        library,
        {},
        { minimum: 2, seed, split: { training: 40, validation: 30, test: 30 } },
      );
      const home = [built.training, built.validation, built.test].filter((part) =>
        idsOf(part).some((id) => id === photoId(50) || id === photoId(51)),
      );
      expect(home).toHaveLength(1);
    }
  });

  test('a class of bursts still validates, with a whole burst', () => {
    const library = [0, 1, 2].flatMap((n) => photos(n * 10, 3, 'ape', { hash: photo(900 + n, 'ape').hash }));
    expect(only(build(library, {}, { minimum: 2 }))).toMatchObject({ training: 6, validation: 3 });
  });

  test('exact copies within a class count once; a real photo is kept rather than a staged one (P2-29, P2-30)', () => {
    const same = { pixels: photoId(77), hash: 'aaaaaaaaaaaaaaaa' };
    const library = [
      photo(0, 'ape', { ...same, origin: 'staged' }),
      photo(1, 'ape', same),
      photo(2, 'ape', same),
      photo(3, 'ape'),
    ];
    const built = build(library, {}, { minimum: 1 });
    expect(built.leftOut).toEqual([
      { photo: photoId(0), reason: 'exact-copy' },
      { photo: photoId(2), reason: 'exact-copy' },
    ]);
    expect(only(built)).toMatchObject({ real: 2, staged: 0 });
  });
});

describe('what never trains', () => {
  test('photos without a usable label, and excluded ones (P1-44)', () => {
    const library = [
      ...photos(0, 3, 'ape'),
      photo(3, null),
      photo(4, 'ape', { label: { ...photo(4, 'ape').label!, kind: 'unknown' } }),
      photo(5, 'unknown bird'),
      photo(6, 'ape', { excluded: true }),
    ];
    const { flop: _flop, ...unknown } = subClass('unknown bird');
    const unknownLabels = [{ ...unknown, v: 1 as const }];
    const built = build(library, { unknownLabels }, { minimum: 1 });
    expect(built.leftOut).toEqual([
      { photo: photoId(3), reason: 'unlabelled' },
      { photo: photoId(4), reason: 'unknown-label' },
      { photo: photoId(5), reason: 'unknown-label' },
      { photo: photoId(6), reason: 'excluded' },
    ]);
  });
});

describe('benchmarks', () => {
  const library = [...photos(0, 5, 'lion'), ...photos(5, 5, 'lioness'), ...photos(10, 2, 'bear')];
  const merged = { mergeRules: [mergeRule('lions', 'lion', 'lioness')] };

  test('their photos and near-duplicates of these do not train (design §2.3)', () => {
    const near = photo(20, 'lion', { hash: library[0]!.hash });
    const benchmarks = [benchmark('hard', 'difficult', [[0, 'lion']])];
    const built = build([...library, near], { ...merged, benchmarks }, { minimum: 2 });
    expect(built.leftOut).toEqual([{ photo: photoId(20), reason: 'near-benchmark' }]);
    expect([...idsOf(built.training), ...idsOf(built.validation)]).not.toContain(photoId(0));
  });

  test('their labels pass through the merge rules (design §2.5)', () => {
    const benchmarks = [benchmark('hard', 'difficult', [[0, 'lion']])];
    const built = build(library, { ...merged, benchmarks }, { minimum: 2 });
    expect(built.benchmarks[0]?.items).toEqual([{ photo: photoId(0), class: 'lions' }]);
  });

  test('an item whose class is not in the model has no class', () => {
    const benchmarks = [benchmark('hard', 'difficult', [[10, 'bear']])];
    const built = build(library, { ...merged, benchmarks }, { minimum: 4 });
    expect(built.benchmarks[0]?.items).toEqual([{ photo: photoId(10), class: null }]);
  });

  test('a photo leaves the out-of-scope benchmark the day its class enters, and still does not train', () => {
    const benchmarks = [
      benchmark('tricks', 'out-of-scope', [
        [10, 'bear'],
        [11, null],
      ]),
    ];
    const more = [...library, ...photos(30, 5, 'bear')];
    const built = build(more, { ...merged, benchmarks }, { minimum: 4 });
    expect(built.labels).toContain(labelKey('bear'));
    expect(built.benchmarks[0]?.items).toEqual([{ photo: photoId(11), class: null }]);
    expect(built.leftOut).toEqual([{ photo: photoId(10), reason: 'entered-scope' }]);
  });
});
