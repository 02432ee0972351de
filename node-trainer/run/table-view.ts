import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compareText } from '#shared/dataset/random.ts';
import { identifiedRecord, type Identified } from '#shared/schema/identified.ts';
import { parseJson } from '#shared/schema/json.ts';
import { labelKey } from '#shared/schema/names.ts';

/** Orders of a table: as the photos came; surest first; by class, then surest first; by file. */
export const ORDERS = ['input', 'score', 'top1', 'file'] as const;
type Order = (typeof ORDERS)[number];

/** Which rows of a table are wanted, in which order (P5-39). */
export interface TableView {
  readonly sort: Order;
  readonly reverse: boolean;
  /** Bounds of the best score, both included. */
  readonly minScore: number;
  readonly maxScore: number;
  /** Only this class as the best guess; null for any. Name or identity. */
  readonly top1: string | null;
  /** Only photos that got no answer. */
  readonly unanswered: boolean;
}

/** Everything, as it came. */
export const WHOLE_TABLE: TableView = {
  sort: 'input',
  reverse: false,
  minScore: 0,
  maxScore: 1,
  top1: null,
  unanswered: false,
};

/** The rows of a view. Memory holds a few numbers a row, whatever a row's length. */
export async function* viewOf(rows: AsyncIterable<Identified>, view: TableView): AsyncGenerator<Identified> {
  const wanted = filtered(rows, view);
  if (view.sort === 'input' && !view.reverse) yield* wanted;
  else yield* sorted(wanted, view);
}

async function* filtered(rows: AsyncIterable<Identified>, view: TableView): AsyncGenerator<Identified> {
  const top1 = view.top1 === null ? null : labelKey(view.top1);
  for await (const row of rows) {
    const [best] = row.top;
    const score = scoreOf(row);
    if (score < view.minScore || score > view.maxScore) continue;
    if (view.unanswered && row.answer !== null) continue;
    if (top1 !== null && best?.class !== top1 && labelKey(best?.name ?? '') !== top1) continue;
    yield row;
  }
}

interface Place {
  readonly row: number;
  readonly score: number;
  readonly text: string;
  readonly at: number;
  readonly length: number;
}

/** Rows go aside to a file; only what they are sorted by stays in memory. */
async function* sorted(rows: AsyncIterable<Identified>, view: TableView): AsyncGenerator<Identified> {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-sort-'));
  const file = await open(join(folder, 'rows'), 'wx+');
  try {
    const places: Place[] = [];
    let at = 0;
    for await (const row of rows) {
      const line = Buffer.from(JSON.stringify(row));
      await file.appendFile(line);
      places.push({
        row: row.row,
        score: scoreOf(row),
        text: textOf(row, view.sort),
        at,
        length: line.length,
      });
      at += line.length;
    }
    places.sort((a, b) => compare(a, b, view.sort) * (view.reverse ? -1 : 1));
    for (const place of places) {
      const { buffer } = await file.read(Buffer.alloc(place.length), 0, place.length, place.at);
      yield identifiedRecord.read(parseJson(buffer.toString('utf8'), 'a sorted row'), 'a sorted row');
    }
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function compare(a: Place, b: Place, order: Order): number {
  const byScore = order === 'score' || order === 'top1' ? b.score - a.score : 0;
  return compareText(a.text, b.text) || byScore || a.row - b.row;
}

function textOf(row: Identified, order: Order): string {
  if (order === 'file') return row.file;
  return order === 'top1' ? (row.top[0]?.name ?? '') : '';
}

function scoreOf(row: Identified): number {
  return row.top[0]?.score ?? 0;
}
