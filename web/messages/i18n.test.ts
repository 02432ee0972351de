import { expect, test } from 'vitest';

import { language, translator } from './i18n.svelte.ts';

const t = translator({
  plain: 'Zoo',
  photos: { one: '{n} photo', other: '{n} photos' },
  file: 'The file {name} is {name}',
  polish: { one: '{n} zdjęcie', few: '{n} zdjęcia', many: '{n} zdjęć', other: '{n} zdjęcia' },
} as const);

test('a text without values is given as it stands', () => {
  expect(t('plain')).toBe('Zoo');
});

test('the plural form follows the number, which is written as people write it', () => {
  expect([0, 1, 12_345].map((n) => t('photos', { n }))).toEqual(['0 photos', '1 photo', '12,345 photos']);
});

test('other languages have other plural forms', () => {
  language.tag = 'pl';
  expect([1, 3, 5].map((n) => t('polish', { n }))).toEqual(['1 zdjęcie', '3 zdjęcia', '5 zdjęć']);
  language.tag = 'en';
});

test('values are put in as they are: braces and dollars in a file name mean nothing', () => {
  expect(t('file', { name: '{n} $& <b>' })).toBe('The file {n} $& <b> is {n} $& <b>');
});
