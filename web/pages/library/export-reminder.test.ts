import { expect, test } from 'vitest';

import { later, reminderOf } from './export-reminder.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-06-20T12:00:00.000Z');
const photo = (change: object = {}): never =>
  ({ source: 'folder', addedAt: '2026-06-01T09:00:00.000Z', opinions: [], stamps: [], ...change }) as never;
const library = (change: object = {}): Parameters<typeof reminderOf>[0] => ({
  photos: Array.from({ length: 60 }, () => photo()),
  lastExportAt: null,
  unfinishedExport: null,
  remindExportAt: null,
  exportJob: { kind: 'idle' },
  ...change,
});
const kindOf = (change: object, now = NOW): string => reminderOf(library(change), now).kind;

test('photos that exist on this device only are worth a word, a handful or the sample is not', () => {
  expect(kindOf({})).toBe('never');
  expect(kindOf({ photos: [photo()] })).toBe('none');
  expect(kindOf({ photos: Array.from({ length: 60 }, () => photo({ source: 'sample' })) })).toBe('none');
});

test('an old export counts only when something has changed since', () => {
  const lastExportAt = '2026-06-10T12:00:00.000Z';
  const at = '2026-06-12T12:00:00.000Z';
  expect(kindOf({ lastExportAt })).toBe('none');
  expect(kindOf({ lastExportAt, photos: [photo(), photo({ opinions: [{ at }] })] })).toBe('old');
  expect(kindOf({ lastExportAt, photos: [photo({ stamps: [{ at }] })] })).toBe('old');
  expect(kindOf({ lastExportAt, photos: [photo({ addedAt: at })] })).toBe('old');
  expect(
    kindOf({
      lastExportAt: '2026-06-14T12:00:00.000Z',
      photos: [photo({ addedAt: '2026-06-15T12:00:00.000Z' })],
    }),
  ).toBe('none');
});

test('put off, it stays away for a week and comes back; while an export runs it is quiet', () => {
  const remindExportAt = later(NOW);
  expect(kindOf({ remindExportAt }, NOW + 6 * DAY)).toBe('none');
  expect(kindOf({ remindExportAt }, NOW + 8 * DAY)).toBe('never');
  expect(kindOf({ exportJob: { kind: 'running' } })).toBe('none');
});

test('an export that was cut short is told of first', () => {
  const unfinishedExport = { name: 'zoo', startedAt: later(NOW), done: 1, of: 3 };
  expect(reminderOf(library({ unfinishedExport }), NOW)).toEqual({
    kind: 'unfinished',
    cut: unfinishedExport,
  });
});
