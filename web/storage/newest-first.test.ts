import fc from 'fast-check';
import { expect, test } from 'vitest';

import { isNewer, newestFirst } from './newest-first.ts';

const ours = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
const here = ours.map((date) => date.toISOString());
/** As another program may have written it, valid in the schema all the same. */
const elsewhere = fc.constantFrom('2026-05-01T09:30:00+02:00', '2026-05-01T09:30Z', '2026-05-01T09:30:00Z');
const few = fc.constantFrom('2026-05-01T09:30:00.000Z', '2026-05-01T09:30:00.001Z');

test.each([
  ['this app', fc.oneof(here, few)],
  ['this app and another one', fc.oneof(here, few, elsewhere)],
])('times written by %s: the order is that of comparing any two', (_, time) => {
  fc.assert(
    fc.property(fc.array(time, { maxLength: 30 }), (times) => {
      const photos = times.map((addedAt, at) => ({ id: String(at * 7).padStart(3, '0') as never, addedAt }));
      const sorted = newestFirst(photos);
      expect(new Set(sorted)).toEqual(new Set(photos));
      for (let at = 1; at < sorted.length; at++) expect(isNewer(sorted[at - 1]!, sorted[at]!)).toBe(true);
    }),
  );
});
