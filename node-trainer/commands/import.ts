import { join, resolve } from 'node:path';

import { type Command, InvalidArgumentError, Option } from 'commander';

import { BENCHMARK_KINDS } from '#shared/schema/benchmark.ts';
import { ORIGINS, type Origin } from '#shared/schema/photo.ts';

import type { ImportReport } from '../library/import-report.ts';
import type { BenchmarkSource } from '../library/incoming.ts';
import { createOutput } from './output.ts';

interface Flags {
  readonly out: string;
  readonly name?: string;
  readonly origin: Origin;
  readonly benchmark: readonly BenchmarkSource[];
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
    .option(
      '--benchmark <kind=path>',
      `folder or zip that becomes a benchmark, such as difficult=../shade; may be given again. Kinds: ${BENCHMARK_KINDS.join(', ')}`,
      addBenchmark,
      [],
    )
    .option('--json', 'print one JSON object')
    .action(async (source: string, { out, name, origin, benchmark, json = false }: Flags) => {
      const { importLibrary } = await import('../library/import-folder.ts');
      const output = createOutput(json);
      const onProgress = (done: number, total: number): void => {
        output.progress('import', done, total);
      };
      const benchmarks = benchmark.map((b) => ({ ...b, path: resolve(b.path) }));
      const options = { origin, benchmarks, onProgress, ...(name === undefined ? {} : { name }) };
      const report = await importLibrary({ source: resolve(source), out: resolve(out), options });
      for (const { file, message } of report.skipped) output.say(`! left out: ${file}: ${message}`);
      for (const { file, sameAs } of report.duplicates)
        output.say(`! left out: ${file}: the same file as ${sameAs}`);
      for (const { name: set, strangers } of report.benchmarks) {
        if (strangers.length > 0)
          output.say(
            `! benchmark “${set}”: the library has no class ${strangers.join(', ')}: is the name right?`,
          );
      }
      output.result(report, wordsFor(report, out));
    });
}

function wordsFor(
  { name, photos, subClasses, skipped, duplicates, benchmarks, shards }: ImportReport,
  out: string,
): string {
  const left = skipped.length + duplicates.length;
  const omitted = left > 0 ? `; ${left} files left out (see ${join(out, 'import-report.json')})` : '';
  const held = benchmarks.map(
    (b) => `\n${b.kind} benchmark “${b.name}”: ${b.photos} photos, never trained on`,
  );
  return `${name}: ${photos} photos of ${subClasses.length} sub-classes in ${shards.join(', ')}${omitted}${held.join('')}`;
}

function addBenchmark(text: string, before: readonly BenchmarkSource[]): readonly BenchmarkSource[] {
  const [name = '', ...path] = text.split('=');
  const kind = BENCHMARK_KINDS.find((k) => k === name);
  if (!kind || path.join('=') === '')
    throw new InvalidArgumentError(
      `expected one of ${BENCHMARK_KINDS.join(', ')}, then "=" and a folder or zip`,
    );
  return [...before, { kind, path: path.join('=') }];
}
