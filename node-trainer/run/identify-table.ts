import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';

import { csvRow } from '#shared/archive/csv.ts';
import type { Identified } from '#shared/schema/identified.ts';

import { replaceFile } from '../io/atomic.ts';
import { isS3, splitFile } from '../io/s3-place.ts';
import { openStore } from '../io/store.ts';
import { TOP } from './identify-all.ts';
import { OptionError } from './option-kinds.ts';

export type BulkFormat = 'csv' | 'ndjson';

/** A file that is to hold the table. */
export interface TableTarget {
  readonly path: string;
  readonly format: BulkFormat;
}

/** How many rows went by, and how many of them have an answer. */
export interface TableCounts {
  readonly rows: number;
  readonly answers: number;
}

const HEADER = [
  'file',
  ...Array.from({ length: TOP }, (_, i) => [`top${i + 1}`, `score${i + 1}`]).flat(),
  'answer',
];

/**
 * The format that a file's name asks for.
 * @throws OptionError for any other ending
 */
export function formatOf(out: string): BulkFormat {
  const extension = extname(out).toLowerCase();
  if (extension === '.csv') return 'csv';
  if (extension === '.ndjson') return 'ndjson';
  throw new OptionError(`--out: expected a file that ends in .csv or .ndjson, got "${out}"`);
}

/** Writes rows to one file, whole or not at all; the file may lie in a store (`s3://…`). */
export async function writeTableTo(out: string, rows: AsyncIterable<Identified>): Promise<TableCounts> {
  const format = formatOf(out);
  if (!isS3(out)) return writeTables(rows, [{ path: resolve(out), format }]);
  const { root, name } = splitFile(out);
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-table-'));
  try {
    const path = join(folder, `table.${format}`);
    const counts = await writeTables(rows, [{ path, format }]);
    await openStore(root).put(name, path);
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes rows to files, each whole or not at all. Rows are streamed: memory doesn't grow with their number. */
export async function writeTables(
  rows: AsyncIterable<Identified>,
  targets: readonly TableTarget[],
): Promise<TableCounts> {
  let counts: TableCounts = { rows: 0, answers: 0 };
  await withSinks(targets, [], async (sinks) => {
    for await (const row of rows) {
      for (const put of sinks) await put(row);
      counts = { rows: counts.rows + 1, answers: counts.answers + (row.answer === null ? 0 : 1) };
    }
  });
  return counts;
}

type Sink = (row: Identified) => Promise<void>;

/** Opens the targets one inside the other, so that all are moved into place only after the last row. */
async function withSinks(
  targets: readonly TableTarget[],
  open: readonly Sink[],
  write: (sinks: readonly Sink[]) => Promise<void>,
): Promise<void> {
  const [next, ...rest] = targets;
  if (!next) {
    await write(open);
    return;
  }
  await replaceFile(next.path, async (aside) => {
    const stream = createWriteStream(aside, { flags: 'wx' });
    const put = async (text: string): Promise<void> => {
      if (!stream.write(text)) await once(stream, 'drain');
    };
    try {
      if (next.format === 'csv') await put(csvRow(HEADER));
      await withSinks(rest, [...open, (row) => put(textOf(row, next.format))], write);
    } finally {
      stream.end();
      await finished(stream);
    }
  });
}

function textOf(row: Identified, format: BulkFormat): string {
  if (format === 'ndjson') return `${JSON.stringify(row)}\n`;
  const cells = Array.from({ length: TOP }, (_, i) => {
    const guess = row.top[i];
    return guess ? [guess.name, Number(guess.score.toFixed(6))] : ['', ''];
  });
  const answer = row.answer === null ? '' : (row.top[0]?.name ?? '');
  return csvRow([row.file, ...cells.flat(), answer]);
}
