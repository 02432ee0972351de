import { expect, test } from 'vitest';

import { contactSheet } from './contact-sheet.ts';
import { plain } from './testing/synthetic.ts';

test('pictures lie in rows on grey, shorter rows leave room', () => {
  const sheet = contactSheet([[plain(4, 3, 1), plain(4, 3, 2)], [plain(4, 3, 0)]]);
  expect([sheet.width, sheet.height]).toEqual([26, 24]);
  const at = (x: number, y: number): number | undefined => sheet.data[(y * 26 + x) * 3];
  expect([at(5, 6), at(6, 6), at(9, 8), at(10, 8), at(16, 6), at(6, 15), at(16, 15)]).toEqual([
    128, 1, 1, 128, 2, 0, 128,
  ]);
});

test('no picture, or pictures of different sizes, make no sheet', () => {
  expect(() => contactSheet([[]])).toThrow(RangeError);
  expect(() => contactSheet([[plain(2, 2, 1)], [plain(2, 3, 1)]])).toThrow('2 × 3');
});
