import { join, resolve } from 'node:path';

import { type Command, Option } from 'commander';

import { ORIGINS, type Origin } from '#shared/schema/photo.ts';

import type { ImportReport } from '../library/import-report.ts';
import { createOutput } from './output.ts';

interface Flags {
  readonly out: string;
  readonly name?: string;
  readonly origin: Origin;
  readonly json?: boolean;
}

/** Adds `menagerie import`: a folder or zip of class folders becomes an export. */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('make a library export out of a folder or zip of class folders')
    .argument('<source>', 'folder or zip: one folder a class, with JPEG, PNG or WebP files')
    .requiredOption('--out <folder>', 'folder for the export shards')
    .option('--name <name>', 'name of the library; default: the name of the source')
    .addOption(new Option('--origin <origin>', 'where the photos come from').choices(ORIGINS).default('real'))
    .option('--json', 'print one JSON object')
    .action(async (source: string, { out, name, origin, json = false }: Flags) => {
      const { importLibrary } = await import('../library/import-folder.ts');
      const output = createOutput(json);
      const onProgress = (done: number, total: number): void => {
        output.progress('import', done, total);
      };
      const options = { origin, onProgress, ...(name === undefined ? {} : { name }) };
      const report = await importLibrary({ source: resolve(source), out: resolve(out), options });
      for (const { file, message } of report.skipped) output.say(`! left out: ${file}: ${message}`);
      for (const { file, sameAs } of report.duplicates)
        output.say(`! left out: ${file}: the same file as ${sameAs}`);
      output.result(report, wordsFor(report, out));
    });
}

function wordsFor(
  { name, photos, subClasses, skipped, duplicates, shards }: ImportReport,
  out: string,
): string {
  const left = skipped.length + duplicates.length;
  const omitted = left > 0 ? `; ${left} files left out (see ${join(out, 'import-report.json')})` : '';
  return `${name}: ${photos} photos of ${subClasses.length} sub-classes in ${shards.join(', ')}${omitted}`;
}
