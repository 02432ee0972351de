import { describe, expect, test } from 'vitest';

import { DEFAULT_DATA_SET_OPTIONS } from '../schema/dataset.ts';
import { benchmark, photo, subClass } from '../testing/library.ts';
import { buildDataSet } from './build.ts';

describe('a library that contradicts itself is refused, naming the culprit', () => {
  test.each([
    ['a photo twice', [photo(1, 'ape'), photo(1, 'ape')], {}, {}, /photo 0+1 is in the library twice/],
    ['a label nobody made', [photo(1, 'ape')], { subClasses: [] }, {}, /photo 0+1 is labelled "ape"/],
    [
      'a benchmark without its photo',
      [photo(1, 'ape')],
      { benchmarks: [benchmark('Hard', 'difficult', [[9, 'ape']])] },
      {},
      /"Hard" holds photo 0+9, which is not in this library/,
    ],
    [
      'a photo twice in a benchmark',
      [photo(1, 'ape')],
      {
        benchmarks: [
          benchmark('Hard', 'difficult', [
            [1, 'ape'],
            [1, null],
          ]),
        ],
      },
      {},
      /"Hard" holds photo 0+1 twice/,
    ],
    ['a maximum below the minimum', [], {}, { maximum: 10 }, /maximum \(10\) is below the minimum \(40\)/],
    [
      'shares that do not add up',
      [],
      {},
      { split: { training: 90, validation: 5, test: 0 } },
      /split: expected shares that add up to 100/,
    ],
  ])('%s', (_, library, rest, options, message) => {
    const input = {
      photos: library,
      subClasses: [subClass('ape')],
      mergeRules: [],
      benchmarks: [],
      ...rest,
      options: { ...DEFAULT_DATA_SET_OPTIONS, ...options },
    };
    expect(() => buildDataSet(input)).toThrow(message);
  });
});
