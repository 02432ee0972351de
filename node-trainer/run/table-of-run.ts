import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { type Identified, identifiedRecord } from '#shared/schema/identified.ts';
import { parseJson } from '#shared/schema/json.ts';

import { type TableCounts, writeTableTo } from './identify-table.ts';
import { runFolder } from './run-folder.ts';
import { type TableView, viewOf } from './table-view.ts';

/** Writes what the stage `identify` found as another table, sorted and filtered (P5-39). */
export async function tableOfRun(run: string, out: string, view: TableView): Promise<TableCounts> {
  const path = join(runFolder(run).identify, 'identify.ndjson');
  return writeTableTo(out, viewOf(rowsOf(path), view));
}

async function* rowsOf(path: string): AsyncGenerator<Identified> {
  let row = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    row += 1;
    const where = `${path} line ${row}`;
    yield identifiedRecord.read(parseJson(line, where), where);
  }
}
