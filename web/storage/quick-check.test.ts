/** The quick look at stored photos refuses whatever could break a list of them. */
import { expect, test } from 'vitest';

import { labelKey, type PhotoId } from '#shared/schema/names.ts';
import { freshPhoto, type Photo } from '#shared/schema/photo.ts';

import { looksWhole } from './quick-check.ts';

const AT = '2026-05-01T09:30:00.000Z';
const photo: Photo = freshPhoto({
  id: 'a'.repeat(64) as PhotoId,
  fileName: 'a.jpg',
  bytes: 1,
  width: 1,
  height: 1,
  source: 'file',
  addedAt: AT,
  addedBy: '',
  origin: 'real',
  label: { kind: 'unknown', id: labelKey('bird'), by: 'Ada', at: AT },
  canonicalSize: 299,
  pixels: '0'.repeat(64),
  hash: '0'.repeat(16),
});

test('a photo as this app stores it passes, with and without a label', () => {
  expect(looksWhole(photo)).toBe(true);
  expect(looksWhole({ ...photo, label: null, opinions: [], faults: ['blurry'] })).toBe(true);
});

test('each field that is missing, or of an older version, sends it to the schema', () => {
  for (const field of Object.keys(photo)) {
    const { [field as 'hash']: gone, ...rest } = photo;
    expect(gone).not.toBe(undefined);
    if (field !== 'id') expect(looksWhole(rest as Photo), field).toBe(false);
  }
  expect(looksWhole({ ...photo, v: 1 as 2 })).toBe(false);
  expect(looksWhole({ ...photo, width: -1 })).toBe(false);
  expect(looksWhole({ ...photo, opinions: [{}] as never })).toBe(false);
  expect(looksWhole({ ...photo, label: { ...photo.label, kind: 'other' } as never })).toBe(false);
  expect(looksWhole({ ...photo, faults: ['ugly'] as never })).toBe(false);
});
