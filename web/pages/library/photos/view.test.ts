/** What the photo grid shows of a library (P2-22 … P2-28): the quick way after a change must say the same as the slow. */
import { expect, test } from 'vitest';

import { labelKey, type PhotoId } from '#shared/schema/names.ts';
import { freshPhoto, type Photo } from '#shared/schema/photo.ts';
import { mergeRule } from '#shared/testing/library.ts';

import type { PhotoFilter } from '../../../state/contract.ts';
import { classesOf, FACET_NAMES, type FilterContext } from './facets.ts';
import { NO_GUESSES, sureness, verdictOf } from './guesses.ts';
import { NO_FILTER, ORDERS, toggled } from './filter.ts';
import { viewOf } from './view.ts';

const NAMES = ['lion', 'tiger', 'okapi'];
const context: FilterContext = {
  guesses: NO_GUESSES,
  names: new Map(NAMES.map((name) => [`sub-class ${name}`, name.toUpperCase()])),
  benchmarks: new Map([[idOf(4), ['hard']]]),
  classes: classesOf([mergeRule('Big cats', 'lion', 'tiger')]),
  twins: new Map([
    [idOf(1), 'open'],
    [idOf(2), 'decided'],
  ]),
};

function idOf(n: number): PhotoId {
  return n.toString(16).padStart(64, '0') as PhotoId;
}

function photo(n: number, change: Partial<Photo> = {}): Photo {
  const at = new Date(Date.UTC(2026, 4, 30) - n * 3_600_000).toISOString();
  const name = NAMES[n % 4];
  const fresh = freshPhoto({
    id: idOf(n),
    fileName: `IMG_${String((n * 7) % 100)}.jpg`,
    bytes: 1000 + ((n * 13) % 50),
    width: 100,
    height: 100,
    source: n % 2 ? 'zip' : 'file',
    addedAt: at,
    addedBy: 'Ada',
    origin: n % 5 === 0 ? 'staged' : 'real',
    label: name ? { kind: 'sub-class', id: labelKey(name), by: n % 3 ? 'Ada' : 'Bo', at } : null,
    canonicalSize: 299,
    pixels: '0'.repeat(64),
    hash: '0'.repeat(16),
  });
  return { ...fresh, ...change };
}

const photos = Array.from({ length: 60 }, (_, n) =>
  photo(n, n % 6 === 1 ? { faults: ['blurry'], excluded: true } : {}),
);
const view = (filter: PhotoFilter, list = photos): ReturnType<typeof viewOf> =>
  viewOf(list, filter, 'newest', context, null);

test('parts of a filter hold together, values within one are alternatives', () => {
  const filter = toggled(toggled(toggled(NO_FILTER, 'origin', 'real'), 'fault', 'none'), 'source', 'zip');
  const expected = photos.filter((p) => p.origin === 'real' && p.faults.length === 0 && p.source === 'zip');
  expect(view(filter).places.map((at) => photos[at])).toEqual(expected);
  expect(view(toggled(filter, 'source', 'file')).places.length).toBeGreaterThan(expected.length);
  expect(view(toggled(NO_FILTER, 'benchmark', 'hard')).places).toEqual([4]);
});

test('the count beside a value says how many photos there would be with it', () => {
  const filter = toggled({ ...NO_FILTER, label: 'sub-class lion' }, 'origin', 'real');
  const { counts } = view(filter);
  for (const value of ['real', 'staged']) {
    const there = view({ ...filter, origin: [value as 'real'] }).places.length;
    expect(counts('origin').get(value) ?? 0).toBe(there);
  }
  for (const label of ['all', 'unlabelled', 'labelled', 'sub-class tiger']) {
    expect(counts('label').get(label) ?? 0, label).toBe(view({ ...filter, label }).places.length);
  }
});

test('text is looked for in file names and in the names of labels, in any case', () => {
  expect(view({ ...NO_FILTER, text: 'oKAp' }).places.every((at) => photos[at]?.label?.id === 'okapi')).toBe(
    true,
  );
  const named = photos.flatMap((p, at) => (p.fileName.includes('img_42'.toUpperCase()) ? [at] : []));
  expect(view({ ...NO_FILTER, text: ' img_42' }).places).toEqual(named);
});

test('days of adding count with both ends', () => {
  const local = (iso: string): string => new Date(iso).toLocaleDateString('sv');
  const { places } = view({ ...NO_FILTER, from: '2026-05-28', to: '2026-05-28' });
  expect(places.length).toBeGreaterThan(0);
  expect(places.every((at) => local(photos[at]?.addedAt ?? '') === '2026-05-28')).toBe(true);
});

test.each(ORDERS)('after a change the quick way says the same as the slow one, ordered by %s', (order) => {
  const filters = [NO_FILTER, { ...NO_FILTER, label: 'unlabelled' }, toggled(NO_FILTER, 'fault', 'none')];
  for (const filter of filters) {
    const before = viewOf(photos, filter, order, context, null);
    // What was never asked for is read whole, so everything is asked for.
    for (const name of FACET_NAMES) before.counts(name);
    const next = photos.slice();
    next[3] = photo(3, { label: photo(1).label, opinions: photo(1).opinions });
    next[8] = photo(8, { label: null, opinions: [] });
    next[9] = photo(9, { faults: ['too-far'], excluded: true });
    const quick = viewOf(next, filter, order, context, before);
    const slow = viewOf(next, filter, order, context, null);
    expect(quick.places).toEqual(slow.places);
    const shown = (counts: typeof slow.counts): unknown =>
      FACET_NAMES.map((name) => [name, [...counts(name)].sort()]);
    expect(shown(quick.counts)).toEqual(shown(slow.counts));
  }
});

test('a change that moves nothing leaves the list of places as it is', () => {
  const before = viewOf(photos, NO_FILTER, 'newest', context, null);
  const next = photos.with(8, photo(8, { label: null, opinions: [] }));
  expect(viewOf(next, NO_FILTER, 'newest', context, before).places).toBe(before.places);
});

test('what the photos do not say is read again when it changes: benchmarks, and names of labels for the order', () => {
  const filter = toggled(NO_FILTER, 'benchmark', 'hard');
  const before = viewOf(photos, filter, 'label', context, null);
  expect(before.places).toEqual([4]);
  const other: FilterContext = {
    guesses: NO_GUESSES,
    names: new Map(NAMES.map((name, at) => [`sub-class ${name}`, String(9 - at)])),
    classes: context.classes,
    twins: context.twins,
    benchmarks: new Map([4, 5, 6].map((n) => [idOf(n), n === 4 ? ['easy', 'hard'] : ['hard']])),
  };
  const quick = viewOf(photos, filter, 'label', other, before);
  expect(quick.places).toEqual([6, 5, 4]);
  expect([...quick.counts('benchmark')].sort()).toEqual([
    ['easy', 1],
    ['hard', 3],
  ]);
});

test('photos that come or go are seen', () => {
  const before = viewOf(photos, NO_FILTER, 'file', context, null);
  for (const list of [photos.slice(5), [photo(70), ...photos], photos.toReversed(), []]) {
    const quick = viewOf(list, NO_FILTER, 'file', context, before);
    const slow = viewOf(list, NO_FILTER, 'file', context, null);
    expect(quick.places).toEqual(slow.places);
    expect(quick.counts('person')).toEqual(slow.counts('person'));
  }
});

test('a merged class shows the photos of all its labels, with their count (P1-51)', () => {
  const photos = Array.from({ length: 40 }, (_, n) => photo(n));
  const all = viewOf(photos, NO_FILTER, 'newest', context, null);
  expect(all.counts('class').get('big cats')).toBe(20);
  const view = viewOf(photos, toggled(NO_FILTER, 'class', 'big cats'), 'newest', context, all);
  expect(new Set(view.places.map((place) => photos[place]?.label?.id))).toEqual(new Set(['lion', 'tiger']));
});

test('what the published model guesses can be filtered and put in order', () => {
  const guess = { label: 'cats', score: 0.96, subClasses: ['lion', 'lynx'] };
  const seen: FilterContext = {
    ...context,
    guesses: new Map([
      [photos[0]?.id ?? '', guess],
      [photos[1]?.id ?? '', { ...guess, score: 0.3 }],
    ]),
  };
  const shown = (
    filter: Partial<typeof NO_FILTER>,
    order: 'newest' | 'confidence' = 'newest',
  ): readonly number[] => viewOf(photos, { ...NO_FILTER, ...filter }, order, seen, null).places;
  expect(shown({ guess: ['cats'] })).toEqual([0, 1]);
  expect(shown({ sure: ['high'] })).toEqual([0]);
  expect(shown({ sure: ['none'] })).toHaveLength(photos.length - 2);
  expect(shown({}, 'confidence').slice(0, 2)).toEqual([1, 0]);
  expect(
    [undefined, 0.95, 0.5, 0.49].map((score) => sureness(score === undefined ? score : { ...guess, score })),
  ).toEqual(['none', 'high', 'middle', 'low']);
  const said = (id: string) => ({ label: { kind: 'sub-class' as const, id: labelKey(id), by: '', at: '' } });
  expect(verdictOf(said('Lion'), guess)).toBe('agrees');
  expect(verdictOf(said('Otter'), guess)).toBe('differs');
  expect([verdictOf({ label: null }, guess), verdictOf(said('Lion'), undefined)]).toEqual([null, null]);
});
