import fc from 'fast-check';
import { expect, test } from 'vitest';

import { csvRow } from '../archive/csv.ts';
import {
  createIdentifiedReader,
  identifiedFormat,
  type IdentifiedFormat,
  type IdentifiedLine,
} from './identified-rows.ts';

const CLASSES = ['lion', 'red panda', 'chimp-bonobo'];
const HEAD = csvRow(['file', 'top1', 'score1', 'top2', 'score2', 'top3', 'score3', 'answer']);

/** Reads a text cut into pieces of `size`. */
function read(format: IdentifiedFormat, text: string, size = 7): IdentifiedLine[] {
  const reader = createIdentifiedReader(format, CLASSES);
  const lines: IdentifiedLine[] = [];
  for (let at = 0; at < text.length; at += size) lines.push(...reader.push(text.slice(at, at + size)));
  return [...lines, ...reader.end()];
}

function line(changes: object = {}): string {
  const top = [
    { class: 'red panda', name: 'Red Panda', score: 0.9 },
    { class: 'lion', name: 'Lion', score: 0.1 },
  ];
  return JSON.stringify({
    row: 0,
    file: 'a/1.jpg',
    photo: null,
    top,
    answer: null,
    scores: [0.1, 0.9, 0],
    ...changes,
  });
}

test('rows of the trainer come back, whatever pieces the file is read in (P5-38)', () => {
  const photo = 'f'.repeat(64);
  const text = `${line()}\n\n${line({ file: 'b/2.jpg', photo })}`;
  const top = [
    { label: 'red panda', score: 0.9 },
    { label: 'lion', score: 0.1 },
  ];
  for (const size of [1, 7, 1000])
    expect(read('ndjson', text, size)).toEqual([
      { kind: 'row', line: 1, row: { file: 'a/1.jpg', photo: null, top } },
      { kind: 'row', line: 3, row: { file: 'b/2.jpg', photo, top } },
    ]);
});

test('names in a table mean classes; cells may hold anything', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.integer({ min: 1, max: 9 }),
      (file, size) => {
        const text = `${HEAD}${csvRow([file, 'Red  Panda', 0.9, 'Lion', 0.05, '', '', ''])}`;
        const [found, ...more] = read('csv', text, size);
        expect(more).toEqual([]);
        expect(found).toMatchObject({
          kind: 'row',
          row: { photo: null, top: [{ label: 'red panda' }, { label: 'lion' }] },
        });
        expect(found?.kind === 'row' && found.row.file).toBe(file);
      },
    ),
  );
});

test.each<[string, IdentifiedFormat, string, RegExp]>([
  [
    'a class of another version',
    'ndjson',
    line({ top: [{ class: 'okapi', name: 'Okapi', score: 1 }] }),
    /no class “okapi”/,
  ],
  ['scores of another version', 'ndjson', line({ scores: [1] }), /1 scores, the version has 3 classes/],
  ['broken JSON', 'ndjson', '{"row":', /broken JSON/],
  ['a key that reaches a prototype', 'ndjson', '{"__proto__":1}', /not allowed/],
  ['a score beyond 1', 'csv', `${HEAD}a.jpg,Lion,7,,,,,\r\n`, /no number/],
  ['guesses out of order', 'csv', `${HEAD}a.jpg,Lion,0.1,Red Panda,0.9,,,\r\n`, /order/],
  ['no guess', 'csv', `${HEAD}a.jpg,,,,,,,\r\n`, /guesses/],
  ['an endless line', 'ndjson', `{"file":"${'x'.repeat(2 << 20)}`, /longer than/],
])('%s is refused, and what follows is read', (_, format, bad, why) => {
  const good = format === 'csv' ? 'b.jpg,Lion,1,,,,,\r\n' : `${line()}\n`;
  const [first, second, ...more] = read(format, `${bad.replace(/\r?\n$/, '')}\n${good}`, 4096);
  expect(first?.kind === 'refused' && first.reason).toMatch(why);
  expect(second).toMatchObject({ kind: 'row' });
  expect(more).toEqual([]);
});

test('the two forms are told by their first bytes; anything else is neither', () => {
  expect([`\ufeff${HEAD}`, line(), 'hello', ''].map(identifiedFormat)).toEqual(['csv', 'ndjson', null, null]);
});
