import { describe, expect, test } from 'vitest';

import { labelKey } from '#shared/schema/names.ts';
import { benchmark, mergeRule, photo, subClass } from '#shared/testing/library.ts';
import { mergeChanges, renameChanges, splitChanges, stillToCheck, whyNotMerge, withPair } from './rules.ts';
import { namedLabels, tallyLabels } from './tally.ts';

const [chimp, bonobo, gorilla] = ['chimp', 'bonobo', 'gorilla'].map(labelKey) as [
  ReturnType<typeof labelKey>,
  ReturnType<typeof labelKey>,
  ReturnType<typeof labelKey>,
];
const apes = mergeRule('Apes', 'chimp', 'bonobo');
const library = { subClasses: ['chimp', 'bonobo', 'gorilla'].map(subClass), mergeRules: [apes] };
const draft = { was: null, name: 'Big', note: '', subClasses: [chimp, gorilla] };

describe('a merge (P1-51 … P1-55)', () => {
  test('is refused with its reason where it contradicts another or takes a name', () => {
    expect(whyNotMerge(library, draft)).toContain('“chimp” is part of “Apes” already');
    const taken = { ...draft, name: 'gorilla', subClasses: [chimp, bonobo], was: apes };
    expect(whyNotMerge(library, taken)).toContain('called “gorilla”');
    expect(whyNotMerge(library, { ...draft, subClasses: [gorilla] })).toContain('at least two');
    expect(whyNotMerge(library, { ...draft, name: '  ' })).toContain('needs a name');
  });

  test('may bear the name of a label in it, and may grow', () => {
    expect(
      whyNotMerge(library, { was: apes, name: 'Chimp', note: '', subClasses: [chimp, gorilla] }),
    ).toBeNull();
  });

  test('under another name replaces the rule as one act', () => {
    const changes = mergeChanges({ ...draft, was: apes, name: ' Great  Apes ' });
    expect(changes.map((c) => [c.key, c.after === null])).toEqual([
      ['apes', true],
      ['great apes', false],
    ]);
  });
});

describe('a split (P1-56, P1-57, P1-60)', () => {
  const at = '2026-02-01T00:00:00.000Z';
  const nothing = { splitChecks: [], confused: { v: 1 as const, pairs: [] } };

  test('removes the rule, asks for a second look and notes both directions as confused', () => {
    const changes = splitChanges(nothing, apes, { at, confused: true });
    expect(changes.map((c) => [c.store, c.key])).toEqual([
      ['mergeRules', 'apes'],
      ['settings', 'splitChecks'],
      ['settings', 'confused'],
    ]);
    expect(changes[2]?.after).toMatchObject({ pairs: { length: 2 } });
  });

  test('keeps a weight that somebody gave before', () => {
    const confused = withPair(nothing.confused, { truth: chimp, predicted: bonobo, weight: 0.2 });
    const changes = splitChanges({ ...nothing, confused }, apes, { at, confused: true });
    expect(changes[2]?.after).toMatchObject({ pairs: [{ weight: 0.2 }, { weight: 0.5 }] });
  });

  test('the second look is over exactly the photos of its labels that nobody labelled since', () => {
    const fresh = photo(2, 'bonobo');
    const photos = [
      photo(1, 'chimp'),
      { ...fresh, label: { ...fresh.label!, at: '2026-03-01T00:00:00.000Z' } },
      photo(3, 'gorilla'),
      photo(4, null),
    ];
    const check = { id: apes.id, name: apes.name, subClasses: apes.subClasses, at };
    expect(stillToCheck(photos, check).map((p) => p.id)).toEqual([photo(1, null).id]);
  });
});

test('whatever names a label follows it to its new identity; its mirror switch does too', () => {
  const label = { ...subClass('chimp'), flop: false };
  const confused = withPair({ v: 1, pairs: [] }, { truth: chimp, predicted: gorilla, weight: 0.5 });
  const changes = renameChanges(
    { mergeRules: [apes], benchmarks: [benchmark('hard', 'difficult', [[1, 'chimp']])], confused },
    label,
    'Chimpanzee',
  );
  expect(changes.map((c) => c.after)).toMatchObject([
    { id: 'chimpanzee', name: 'Chimpanzee', flop: false },
    { subClasses: ['chimpanzee', 'bonobo'] },
    { items: [{ truth: 'chimpanzee' }] },
    { pairs: [{ truth: 'chimpanzee', predicted: 'gorilla' }] },
  ]);
});

test('labels are counted by origin, exclusion and fault; examples are good photos first (P1-53)', () => {
  const bad = photo(1, 'chimp', { excluded: true, faults: ['blurry'] });
  const photos = [bad, photo(2, 'chimp'), photo(3, 'chimp', { origin: 'staged' }), photo(4, null)];
  expect(tallyLabels(photos).get('sub-class chimp')).toEqual({
    total: 3,
    origins: { real: 2, staged: 1, synthetic: 0 },
    excluded: 1,
    faulty: 1,
    examples: [photo(2, null).id, photo(3, null).id, bad.id],
  });
});

test('a label that only an opinion names is named, too', () => {
  const opinions = [
    { by: 'Ada', at: '2026-01-01T00:00:00.000Z', label: { kind: 'sub-class' as const, id: bonobo } },
  ];
  expect(namedLabels([photo(1, 'chimp', { opinions })])).toEqual(
    new Set(['sub-class chimp', 'sub-class bonobo']),
  );
});
