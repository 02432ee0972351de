import { type Identified, identifiedRecord } from '#shared/schema/identified.ts';
import { parseJson } from '#shared/schema/json.ts';
import type { Part } from '#shared/schema/part.ts';

import { type FileStore, openStore } from '../io/store.ts';
import { formatOf, writeTableTo } from './identify-table.ts';
import { MergeRefused, wholeSet } from './merge-check.ts';
import { type TableView, viewOf } from './table-view.ts';

/** The longest row that is taken: a hundred thousand classes need less. */
const LONGEST_ROW = 2 ** 22;

/** What was merged. */
export interface MergeOutcome {
  readonly model: number | null;
  readonly parts: number;
  /** Photos of the whole list. */
  readonly photos: number;
  readonly identified: number;
  readonly answers: number;
  /** Rows of the table, after its filters. */
  readonly rows: number;
  readonly engines: readonly string[];
  readonly problems: Part['leftOut'];
}

/**
 * Merges the parts of a bulk identification into one table in the order of the photos, or of the view.
 * @param from the folder or `s3://…` prefix of the parts
 * @param out a `.csv` or `.ndjson` file; also `s3://…`
 * @throws MergeRefused naming every problem; then nothing is written
 */
export async function mergeTable(from: string, out: string, view: TableView): Promise<MergeOutcome> {
  formatOf(out);
  const store = openStore(from);
  const parts = await wholeSet(store, 'identify');
  let [identified, answers] = [0, 0];
  const all = async function* (): AsyncGenerator<Identified> {
    for (const part of parts)
      for await (const row of rowsIn(store, part)) {
        identified += 1;
        if (row.answer !== null) answers += 1;
        yield row;
      }
  };
  const { rows } = await writeTableTo(out, viewOf(all(), view));
  const [{ model, input }] = parts;
  return {
    model: model.version,
    parts: parts.length,
    photos: input.rows,
    ...{ identified, answers, rows },
    engines: [...new Set(parts.filter((p) => p.rows > 0).map((p) => p.engine))],
    problems: parts.flatMap((part) => part.leftOut),
  };
}

/** The rows of a part, each exactly once: a part may be whole as a file and still say nonsense. */
async function* rowsIn(store: FileStore, part: Part): AsyncGenerator<Identified> {
  const where = `${part.file.name} in ${store.place}`;
  const leftOut = new Set(part.leftOut.map(({ row }) => row));
  let next = part.from;
  const pass = (): void => {
    while (leftOut.has(next)) next += 1;
  };
  for await (const line of linesOf(await store.get(part.file.name), where)) {
    const row = identifiedRecord.read(parseJson(line, where), where);
    pass();
    if (row.row !== next || next >= part.to)
      throw new MergeRefused(store.place, [`${where} holds row ${row.row} where ${next} was expected`]);
    next += 1;
    yield row;
  }
  pass();
  if (next !== part.to) throw new MergeRefused(store.place, [`${where} ends before row ${next}`]);
}

/** Lines of a stream of UTF-8, without their ends. @throws MergeRefused for one that is far too long */
async function* linesOf(pieces: AsyncIterable<Uint8Array>, where: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_ROW) throw new MergeRefused(where, ['a row is too long']);
    yield* lines;
  }
  if (rest !== '') yield rest;
}
