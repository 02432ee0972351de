import { expect, test } from 'vitest';

import { labelKey } from '#shared/schema/names.ts';

import { FakeLibrary, photoNamed } from '../testing/fakes.svelte.ts';
import { countFilters, fits, labelNames, labelOptions, nameOf } from './labels.ts';

const NAMES = ['Red Panda', 'Giant Panda', 'Pangolin', 'constructor'];
const library = new FakeLibrary([], NAMES);
const texts = (query: string): string[] => labelOptions(library, query).map((o) => o.text);

test('P1-50: any part of a name finds it, names that begin with it come first', () => {
  expect(texts('pan').slice(0, 3)).toEqual(['Pangolin', 'Giant Panda', 'Red Panda']);
});

test('a name that is not there yet can be made, as a label or as an unknown one (P1-44)', () => {
  expect(labelOptions(library, ' Okapi ').map((o) => o.value)).toEqual([
    { kind: 'new', of: 'sub-class', name: 'Okapi' },
    { kind: 'new', of: 'unknown', name: 'Okapi' },
  ]);
});

test('a name that is there in other letters is not offered as new', () => {
  expect(texts('RED  panda')).toEqual(['Red Panda']);
});

test('labels that are names of object properties are counted and named like any other', () => {
  const photos = [photoNamed(1, 'constructor'), photoNamed(2, null), photoNamed(3, 'constructor')];
  const counts = countFilters(photos);
  expect(counts.get(`sub-class ${labelKey('constructor')}`)).toBe(2);
  expect([counts.get('all'), counts.get('labelled'), counts.get('unlabelled')]).toEqual([3, 2, 1]);
  expect(photos.map((p) => nameOf(p, labelNames(library)))).toEqual(['constructor', null, 'constructor']);
  expect(photos.filter((p) => fits(p, 'unlabelled'))).toEqual([photos[1]]);
});
