/** Which photos the keeper looks at, and in which order: as data, so that it can be kept under a name. */
import type { PhotoFilter } from '../../../state/contract.ts';

export const NO_FILTER: PhotoFilter = {
  text: '',
  label: 'all',
  origin: [],
  fault: [],
  use: [],
  source: [],
  standing: [],
  person: [],
  benchmark: [],
  class: [],
  hint: [],
  guess: [],
  verdict: [],
  sure: [],
  twin: [],
  from: '',
  to: '',
};

/** Parts of a filter whose values are ticked, in the order of the panel. */
export const CHOICES = [
  'class',
  'origin',
  'fault',
  'use',
  'standing',
  'person',
  'source',
  'benchmark',
  'twin',
  'hint',
  'guess',
  'verdict',
  'sure',
] as const;
export type ChoiceName = (typeof CHOICES)[number];

/** Orders by what a filter looks at: photos with the same values stand together. */
export const FACET_ORDERS = [
  'class',
  'origin',
  'fault',
  'source',
  'standing',
  'benchmark',
  'guess',
  'twin',
] as const satisfies readonly ChoiceName[];

export const ORDERS = [
  'newest',
  'oldest',
  'taken',
  'label',
  'file',
  'labeller',
  'size',
  'confidence',
  ...FACET_ORDERS,
] as const;
export type Order = (typeof ORDERS)[number];

/** Whether it leaves every photo in. */
export function isEmpty(filter: PhotoFilter): boolean {
  return (
    filter.text.trim() === '' &&
    filter.label === 'all' &&
    filter.from === '' &&
    filter.to === '' &&
    CHOICES.every((name) => filter[name].length === 0)
  );
}

/** The filter with one value of a list ticked or not. */
export function toggled(filter: PhotoFilter, name: ChoiceName, value: string): PhotoFilter {
  const held: readonly string[] = filter[name];
  const next = held.includes(value) ? held.filter((one) => one !== value) : [...held, value];
  return { ...filter, [name]: next };
}
