import { readFile } from 'node:fs/promises';

import { parseJson } from '#shared/schema/json.ts';
import { type ConfusedTable, confusedTableRecord } from '#shared/schema/label.ts';

import { OptionError } from './option-kinds.ts';
import type { RunOptions } from './options.ts';
import { readLibraryFile } from './photos.ts';
import type { RunFolder } from './run-folder.ts';

/** Value of the option `confused` that means the library's own table. */
const LIBRARY_TABLE = 'library';

/**
 * The commonly-confused table that a run is scored with: the library's, or that of the file the option names.
 * @throws OptionError for a file that is not there; RecordError, JsonError naming the file and the path inside it
 */
export async function readConfusedTable(run: {
  readonly folder: RunFolder;
  readonly options: Pick<RunOptions, 'confused'>;
}): Promise<ConfusedTable> {
  const path = run.options.confused;
  if (path === LIBRARY_TABLE) return (await readLibraryFile(run.folder)).confused;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new OptionError(`--confused: there is no file ${path}.`);
  });
  return confusedTableRecord.read(parseJson(text, path), path);
}
