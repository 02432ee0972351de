import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { expect, test } from 'vitest';

import { ZOO } from './table.ts';

const DOCS = resolve(import.meta.dirname, '../../../docs/trainer.md');

test('the table of networks in the docs says what the zoo says', () => {
  const section = readFileSync(DOCS, 'utf8').split('## Networks')[1]?.split('\n## ')[0] ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| `') && !line.includes('--architecture'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const expected = Object.entries(ZOO).map(([name, entry]) => [
    `\`${name}\``,
    String(entry.size),
    entry.widths.join(', '),
    String(entry.parameters),
    String(entry.features),
    String(entry.finalBlocks),
    String(entry.dropout),
    entry.paper,
  ]);
  expect(rows).toEqual(expected);
});

test.each(Object.entries(ZOO))('%s is complete and within its own bounds', (_, entry) => {
  expect(entry.paper).toMatch(/^arXiv:\d{4}\.\d{5}$/);
  expect(entry.size).toBeGreaterThanOrEqual(entry.minSize);
  expect(entry.widths).toContain(1);
  expect(entry.dropout).toBeGreaterThanOrEqual(0);
  expect(entry.dropout).toBeLessThan(1);
});
