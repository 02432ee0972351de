import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { csvRow } from './csv.ts';

fc.configureGlobal({ seed: 20_260_102 });

/** A small reader of RFC 4180, to look from the other side. */
function parse(line: string): string[] {
  const cells: string[] = [];
  let rest = `,${line.replace(/\r\n$/, '')}`;
  while (rest !== '') {
    const match = /^,(?:"((?:[^"]|"")*)"|([^",]*))/.exec(rest);
    if (!match) throw new Error(`no CSV: ${rest}`);
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    rest = rest.slice(match[0].length);
  }
  return cells;
}

describe('a row of CSV', () => {
  test('is plain where it can be', () => {
    expect(csvRow(['a.jpg', 'red panda', 0.97, -1.5, ''])).toBe('a.jpg,red panda,0.97,-1.5,\r\n');
  });

  test('quotes what would break the row', () => {
    expect(csvRow(['a,b', 'say "hi"', 'two\nlines'])).toBe('"a,b","say ""hi""","two\nlines"\r\n');
  });

  test.each(['=1+1', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', '＝1', "'=1", "=cmd|' /C calc'!A0"])(
    '%j cannot run as a formula',
    (text) => {
      expect(parse(csvRow([text]))[0]).toBe(`'${text}`);
    },
  );

  test('any text is read back whole, but for the apostrophe, and never begins like a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (cells) => {
        const back = parse(csvRow(cells));
        expect(back.map((c, i) => (c === cells[i] ? c : c.slice(1)))).toEqual(cells);
        for (const cell of back) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});
