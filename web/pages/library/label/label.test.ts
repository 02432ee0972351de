import { describe, expect, test } from 'vitest';

import { labelKey, type PhotoId } from '#shared/schema/names.ts';
import { freshPhoto, type Photo } from '#shared/schema/photo.ts';
import { choicesOf, examplesOf, searchFrom } from './choices.ts';
import { actionOf, chosenKeys, conflicts, keyTable, USUAL_KEYS } from './keys.ts';
import { likenessOf, queueOf } from './queue.ts';
import { MOST_RECENT, recentOf, withUse, type Recent } from './recent.ts';

const at = (minute: number): string => `2026-05-01T09:${String(minute).padStart(2, '0')}:00.000Z`;

function photo(n: number, label: string | null, kind: 'sub-class' | 'unknown' = 'sub-class'): Photo {
  return freshPhoto({
    id: n.toString(16).padStart(64, '0') as PhotoId,
    fileName: `${String(n)}.jpg`,
    bytes: 1000,
    width: 400,
    height: 300,
    source: 'file',
    addedAt: at(n),
    addedBy: 'Ada',
    origin: 'real',
    label: label === null ? null : { kind, id: labelKey(label), by: 'Ada', at: at(n) },
    canonicalSize: 299,
    pixels: '0'.repeat(64),
    hash: '0'.repeat(16),
  });
}

const numbers = (ids: readonly string[]): number[] => ids.map((id) => parseInt(id, 16));

describe('queue', () => {
  const photos = [
    photo(5, 'Lion'),
    photo(4, null),
    photo(3, 'Unknown Bird', 'unknown'),
    { ...photo(2, 'Lion'), excluded: true },
    photo(1, null),
  ];

  test('P1-46 without a label first, then unknown ones, then the others; excluded ones are decided', () => {
    expect(numbers(queueOf(photos, 'unlabelled', ''))).toEqual([4, 1, 3, 5]);
  });

  test('oldest and newest', () => {
    expect(numbers(queueOf(photos, 'oldest', ''))).toEqual([1, 3, 4, 5]);
    expect(numbers(queueOf(photos, 'newest', ''))).toEqual([5, 4, 3, 1]);
  });

  test('one label is checked whole, excluded ones too', () => {
    expect(numbers(queueOf(photos, 'label', 'sub-class lion'))).toEqual([5, 2]);
  });

  test('by what photos look like: like the photo shown, or like those of a label', () => {
    expect(likenessOf('alike', '', 'p')).toEqual({ kind: 'alike', photo: 'p' });
    expect(likenessOf('alike', 'sub-class lion', 'p')).toEqual({ kind: 'alike-label', label: 'lion' });
    expect(likenessOf('odd', 'sub-class lion', 'p')).toEqual({ kind: 'odd', label: 'lion' });
    expect([likenessOf('alike', '', undefined), likenessOf('newest', '', 'p')]).toEqual([null, null]);
  });

  test('P1-40 disputed ones come before those with one opinion', () => {
    const lynx = { by: 'Bo', at: at(9), label: { kind: 'sub-class' as const, id: labelKey('Lynx') } };
    const disputed = { ...photo(1, 'Lion'), opinions: [...photo(1, 'Lion').opinions, lynx] };
    expect(numbers(queueOf([photo(2, 'Lion'), disputed, photo(0, null)], 'opinions', ''))).toEqual([1, 2]);
  });
});

describe('keys', () => {
  test('the usual keys have no conflict, and each fault has one', () => {
    expect(conflicts(keyTable([]))).toEqual(new Set());
    expect(USUAL_KEYS).toHaveLength(37);
  });

  test('a person’s own key replaces the usual one, in upper case too', () => {
    const table = keyTable([{ action: 'skip', key: 's' }]);
    expect(actionOf(table, 'S')).toBe('skip');
    expect(actionOf(table, 'ArrowRight')).toBeNull();
    expect(chosenKeys(table)).toEqual([{ action: 'skip', key: 's' }]);
  });

  test('two acts on one key are told, and the first one has it', () => {
    const table = keyTable([{ action: 'skip', key: '1' }]);
    expect(conflicts(table)).toEqual(new Set(['guess1', 'skip']));
    expect(actionOf(table, '1')).toBe('guess1');
  });

  test('keys that the page needs and acts that nobody knows are passed over', () => {
    const table = keyTable([
      { action: 'skip', key: 'Tab' },
      { action: '__proto__', key: 'y' },
    ]);
    expect(chosenKeys(table)).toEqual([]);
    expect(actionOf(table, 'y')).toBeNull();
  });
});

describe('labels used lately', () => {
  const label = (name: string) => ({ kind: 'sub-class' as const, id: labelKey(name) });

  test('a label keeps its slot; a new one takes that of the label not used for longest', () => {
    let recent: Recent = { slots: [], used: [] };
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'a']) recent = withUse(recent, label(name));
    expect(recent.slots.map((s) => s.id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    recent = withUse(recent, label('g'));
    expect(recent.slots.map((s) => s.id)).toEqual(['a', 'g', 'c', 'd', 'e', 'f']);
    expect(recent.slots).toHaveLength(MOST_RECENT);
  });

  test('begin with what the library was labelled with last, unknown ones left out', () => {
    const photos = [
      photo(3, 'Lynx'),
      photo(2, 'Unknown Bird', 'unknown'),
      photo(1, 'Lion'),
      photo(0, 'Lynx'),
    ];
    expect(recentOf(photos).used).toEqual(['sub-class lynx', 'sub-class lion']);
  });
});

describe('guesses as labels', () => {
  const made = { createdAt: at(0), createdBy: 'Ada' };
  const labels = {
    subClasses: ['Lion', 'Bonobo', 'Lynx'].map((name) => ({
      v: 2 as const,
      id: labelKey(name),
      name,
      flop: true,
      ...made,
    })),
    unknownLabels: [],
  };
  const top = [
    {
      label: { id: labelKey('apes'), name: 'Apes', subClasses: [labelKey('bonobo')], note: '' },
      score: 0.7,
    },
    {
      label: {
        id: labelKey('cats'),
        name: 'Cats',
        subClasses: [labelKey('lion'), labelKey('puma')],
        note: '',
      },
      score: 0.2,
    },
  ];

  test('P1-48 a merged class is offered as its sub-classes; one that is new here is made', () => {
    const choices = choicesOf(top, labels);
    expect(choices.map((c) => [c.name, c.of, c.pick.kind])).toEqual([
      ['Bonobo', null, 'existing'],
      ['Lion', 'Cats', 'existing'],
      ['puma', 'Cats', 'new'],
    ]);
  });

  test('P1-50 the search starts from the guesses and never offers one twice', () => {
    const choices = choicesOf(top, labels);
    expect(searchFrom(choices, labels, '').map((o) => o.text)).toEqual(['Bonobo', 'Lion', 'puma', 'Lynx']);
    expect(searchFrom(choices, labels, 'l')[0]?.text).toBe('Lion');
  });

  test('the example of a class is its good photo labelled last', () => {
    const photos = [
      { ...photo(4, 'Lion'), excluded: true },
      { ...photo(3, 'Lion'), faults: ['blurry' as const] },
      photo(1, 'Lion'),
      photo(2, 'Lion'),
    ];
    expect([...examplesOf(photos, ['lion', 'lynx'])].map(([id, p]) => [id, parseInt(p, 16)])).toEqual([
      ['lion', 2],
    ]);
  });
});
