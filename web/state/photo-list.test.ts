import fc from 'fast-check';
import { expect, test } from 'vitest';

import { photo as photoNumbered } from '#shared/testing/library.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { newestFirst } from '../storage/newest-first.ts';
import { PhotoList } from './photo-list.ts';

const photo = (n: number, day: number): Photo =>
  photoNumbered(n, null, { addedAt: new Date(Date.UTC(2026, 0, day)).toISOString() });

test('whatever comes, changes or goes, the list is what sorting it anew would give', () => {
  const change = fc.record({ n: fc.nat(12), day: fc.integer({ min: 1, max: 5 }), gone: fc.boolean() });
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 8 }), (rounds) => {
      const list = new PhotoList();
      const truth = new Map<string, Photo>();
      for (const round of rounds) {
        const touched = [...new Map(round.map((c) => [c.n, c])).values()];
        const found = touched.filter((c) => !c.gone).map((c) => photo(c.n, c.day));
        for (const { n } of touched) truth.delete(photo(n, 1).id);
        for (const p of found) truth.set(p.id, p);
        const ids = touched.map(({ n }) => photo(n, 1).id);
        expect(list.update(ids, found)).toEqual(newestFirst([...truth.values()]));
      }
    }),
  );
});

test('a change of one photo leaves the others the very same objects', () => {
  const list = new PhotoList();
  const before = list.replaceAll(newestFirst([photo(1, 1), photo(2, 2), photo(3, 3)]));
  const changed: Photo = { ...photo(2, 2), excluded: true };
  const after = list.update([changed.id], [changed]);
  expect(after[1]).toBe(changed);
  expect([after[0], after[2]]).toEqual([before[0], before[2]]);
  expect(after).not.toBe(before);
});
