import { resolve } from 'node:path';

import { type Command, Option } from 'commander';

import { ORIGINS, type Origin } from '#shared/schema/photo.ts';

import { importLibrary } from '../library/import-folder.ts';
import type { ImportReport } from '../library/import-report.ts';
import { stderrListener } from './listener.ts';

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
    .option('--json', 'print the report as one JSON object')
    .action(async (source: string, { out, name, origin, json }: Flags) => {
      const listener = stderrListener();
      const onProgress = (done: number, total: number): void => {
        listener.progress('import', done, total);
      };
      const options = { origin, onProgress, ...(name === undefined ? {} : { name }) };
      const report = await importLibrary({ source: resolve(source), out: resolve(out), options });
      for (const { file, message } of report.skipped) listener.say(`! left out: ${file}: ${message}`);
      for (const { file, sameAs } of report.duplicates)
        listener.say(`! left out: ${file}: the same file as ${sameAs}`);
      process.stdout.write(json ? `${JSON.stringify(report)}\n` : textOf(report, out));
    });
}

function textOf(
  { name, photos, subClasses, skipped, duplicates, shards }: ImportReport,
  out: string,
): string {
  const left = skipped.length + duplicates.length;
  const omitted = left > 0 ? `; ${left} files left out (see ${out}/import-report.json)` : '';
  return `${name}: ${photos} photos of ${subClasses.length} sub-classes in ${shards.join(', ')}${omitted}\n`;
}
