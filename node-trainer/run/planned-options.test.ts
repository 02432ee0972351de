import { expect, test } from 'vitest';

import { DEFAULT_DATA_SET_OPTIONS } from '#shared/schema/dataset.ts';
import { givenOptions, type OptionSources, resolveOptions } from './options.ts';
import { plannedOptions, type PlannedOptions } from './planned-options.ts';

const PLAN = {
  v: 1 as const,
  options: {
    ...DEFAULT_DATA_SET_OPTIONS,
    minimum: 30,
    maximum: 90,
    split: { training: 80, validation: 10, test: 10 },
  },
  classes: [],
};

function planned(sources: Partial<OptionSources>, plan: typeof PLAN | null = PLAN): PlannedOptions {
  const all: OptionSources = { flags: {}, environment: {}, file: null, ...sources };
  return plannedOptions(resolveOptions(all), new Set(givenOptions(all)), plan);
}

test('without flags the data set is built as it was planned, and the run says so (P2-36)', () => {
  expect(planned({})).toEqual({
    options: PLAN.options,
    planned: ['minimum 30', 'maximum 90', 'split 80-10-10'],
  });
});

test('flags, environment and config file overrule the plan, also with the usual value', () => {
  const { options, planned: taken } = planned({
    flags: { minimum: 40 },
    environment: { MAX_IMAGES: '125' },
    file: { name: 'c.json', values: { split: '90-10-0' } },
  });
  expect(options).toEqual(DEFAULT_DATA_SET_OPTIONS);
  expect(taken).toEqual([]);
});

test('a library without a plan is built with the usual numbers', () => {
  expect(planned({}, null)).toEqual({ options: DEFAULT_DATA_SET_OPTIONS, planned: [] });
});

test('a throw-away run lowers the planned minimum too, and never raises it (P2-05)', () => {
  expect(planned({ flags: { throwAway: true } }).options.minimum).toBe(30);
  const high = { ...PLAN, options: { ...PLAN.options, minimum: 60 } };
  expect(planned({ flags: { throwAway: true } }, high).options.minimum).toBe(35);
});
