import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { labelKey } from '../schema/names.ts';
import { type Decided, type Opinion, type Photo } from '../schema/photo.ts';
import { photo as photoNumbered } from '../testing/library.ts';
import { decide, mergePhotos } from './merge-photos.ts';
import {
  agreements,
  agreementsByPerson,
  awaits,
  disputedLabels,
  standingOf,
  withOpinion,
} from './opinions.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 4, 1, 10, minute)).toISOString();
const says = (by: string, label: string | null, minute: number): Opinion => ({
  by,
  at: at(minute),
  label: label === null ? null : { kind: 'sub-class', id: labelKey(label) },
});
const photo = (...opinions: Opinion[]): Photo =>
  opinions.reduce(withOpinion, photoNumbered(1, null, { width: 640 }));

describe('P1-40, P1-41: opinions', () => {
  test('the newest one is in force, and everybody’s last word is kept', () => {
    const p = photo(says('Ada', 'lion', 1), says('Ben', 'tiger', 2), says('Ada', 'leopard', 0));
    expect(p.label?.id).toBe('tiger');
    expect(p.opinions.map((o) => [o.by, o.label?.id])).toEqual([
      ['Ada', 'lion'],
      ['Ben', 'tiger'],
    ]);
  });

  test.each([
    ['unlabelled', photo()],
    ['unlabelled', photo(says('Ada', 'lion', 1), says('Ben', null, 2))],
    ['single', photo(says('Ada', 'lion', 1))],
    ['agreed', photo(says('Ada', 'lion', 1), says('Ben', 'lion', 2))],
    ['disputed', photo(says('Ada', 'lion', 1), says('Ben', 'tiger', 2))],
    ['agreed', photo(says('Ada', 'lion', 1), says('Ben', 'tiger', 2), says('Cleo', 'lion', 3))],
    ['disputed', photo(says('Ada', 'lion', 1), says('Ben', 'lion', 2), says('Cleo', 'tiger', 3))],
  ] as const)('stands %s', (standing, p) => {
    expect(standingOf(p)).toBe(standing);
  });

  test('a label waits for everybody but who gave it; a dispute waits for all', () => {
    expect([
      awaits(photo(says('Ada', 'lion', 1)), 'Ada'),
      awaits(photo(says('Ada', 'lion', 1)), 'Ben'),
    ]).toEqual([false, true]);
    expect(awaits(photo(says('Ada', 'lion', 1), says('Ben', 'tiger', 2)), 'Ada')).toBe(true);
    expect(awaits(photo(says('Ada', 'lion', 1), says('Ben', 'lion', 2)), 'Cleo')).toBe(false);
  });

  test('agreement of pairs, and beyond chance (Cohen’s kappa)', () => {
    const photos = [
      ...Array.from({ length: 20 }, () => photo(says('Ada', 'lion', 1), says('Ben', 'lion', 2))),
      ...Array.from({ length: 5 }, () => photo(says('Ada', 'lion', 1), says('Ben', 'tiger', 2))),
      ...Array.from({ length: 10 }, () => photo(says('Ada', 'tiger', 1), says('Ben', 'lion', 2))),
      ...Array.from({ length: 15 }, () => photo(says('Ada', 'tiger', 1), says('Ben', 'tiger', 2))),
    ];
    const [pair] = agreements(photos);
    expect(pair).toMatchObject({ people: ['Ada', 'Ben'], photos: 50, same: 35 });
    expect(pair?.kappa).toBeCloseTo(0.4, 10);
  });
});

describe('P1-41: agreement in figures', () => {
  const photos = [
    photo(says('Ada', 'lion', 1), says('Ben', 'tiger', 2), says('Cleo', 'lion', 3)),
    photo(says('Ada', 'tiger', 1), says('Ben', 'lion', 2)),
    photo(says('Ada', 'lion', 1), says('Ben', null, 2)),
    photo(says('Ada', 'puma', 1), says('Ben', 'lion', 2)),
  ];

  test('by person: what was labelled, set against everybody else, and the same', () => {
    expect(agreementsByPerson(photos)).toEqual([
      { by: 'Ada', labelled: 4, compared: 4, same: 1 },
      { by: 'Ben', labelled: 3, compared: 4, same: 0 },
      { by: 'Cleo', labelled: 1, compared: 2, same: 1 },
    ]);
  });

  test('labels that people take for each other, each photo once, either way round', () => {
    expect(disputedLabels(photos).map((d) => [...d.labels.map((l) => l.id), d.photos])).toEqual([
      ['lion', 'tiger', 2],
      ['lion', 'puma', 1],
    ]);
  });

  test('kappa: full agreement on several labels is 1, on one label it says nothing, chance is 0', () => {
    const pairs = (...labels: [string, string][]): Photo[] =>
      labels.map(([a, b]) => photo(says('Ada', a, 1), says('Ben', b, 2)));
    const kappa = (of: Photo[]): number | null | undefined => agreements(of)[0]?.kappa;
    expect(kappa(pairs(['lion', 'lion'], ['tiger', 'tiger']))).toBe(1);
    expect(kappa(pairs(['lion', 'lion'], ['lion', 'lion']))).toBeNull();
    expect(
      kappa(pairs(['lion', 'lion'], ['lion', 'tiger'], ['tiger', 'lion'], ['tiger', 'tiger'])),
    ).toBeCloseTo(0, 12);
  });
});

const PEOPLE = ['', 'Ada', 'Ben'];
const anyOpinion = fc
  .record({
    by: fc.constantFrom(...PEOPLE),
    label: fc.constantFrom('lion', 'tiger', null),
    minute: fc.nat(3),
  })
  .map(({ by, label, minute }) => says(by, label, minute));
const anyDecision = fc.record({
  by: fc.constantFrom(...PEOPLE),
  minute: fc.nat(3),
  fields: fc.constantFrom<Partial<Pick<Photo, Decided>>>(
    { excluded: true },
    { excluded: false },
    { faults: ['blurry'] },
    { faults: ['too-far', 'blurry'], excluded: true },
    { origin: 'staged' },
    { edits: { turn: 90, crop: null } },
  ),
});
/** One photo as three people's libraries may have it. */
const anyCopy = fc
  .record({
    opinions: fc.array(anyOpinion, { maxLength: 4 }),
    decisions: fc.array(anyDecision, { maxLength: 3 }),
    addedAt: fc.nat(2).map(at),
    origin: fc.constantFrom('real' as const, 'staged' as const),
    fileName: fc.constantFrom('a.jpg', 'b.jpg'),
  })
  .map(({ opinions, decisions, ...facts }) => {
    const labelled = opinions.reduce(withOpinion, photoNumbered(1, null, facts));
    const decided = decisions.reduce(
      (p, { fields, by, minute }) => decide(p, fields, { by, at: at(minute) }),
      labelled,
    );
    const pixels = decided.edits.turn === 0 ? decided.pixels : 'f'.repeat(64);
    return { ...decided, pixels };
  });
const merged = (a: Photo, b: Photo): Photo => mergePhotos(a, b).photo;

describe('P1-41: two libraries exchanged in any order, any number of times, end up alike', () => {
  test('merging is commutative, associative and idempotent', () => {
    fc.assert(
      fc.property(anyCopy, anyCopy, anyCopy, (a, b, c) => {
        expect(merged(a, b)).toEqual(merged(b, a));
        expect(merged(merged(a, b), c)).toEqual(merged(a, merged(b, c)));
        expect(merged(a, a)).toEqual({ ...a, opinions: merged(a, a).opinions });
        expect(merged(merged(a, b), b)).toEqual(merged(a, b));
      }),
    );
  });

  test('nobody’s last word is lost, and the image always fits the edits', () => {
    fc.assert(
      fc.property(anyCopy, anyCopy, (a, b) => {
        const { photo: both, image } = mergePhotos(a, b);
        for (const { by } of [...a.opinions, ...b.opinions])
          expect(both.opinions.filter((o) => o.by === by)).toHaveLength(1);
        const source = image === 'ours' ? a : b;
        expect([both.edits, both.pixels]).toEqual([source.edits, source.pixels]);
      }),
    );
  });
});
