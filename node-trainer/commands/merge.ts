import type { Command } from 'commander';

import { createOutput } from './output.ts';
import { type TableFlags, viewFrom, withTableFlags } from './table-flags.ts';

interface Flags extends TableFlags {
  readonly in?: string;
  readonly out?: string;
  readonly run?: string;
  readonly json?: boolean;
}

/** Adds `menagerie merge`: the parts of a bulk identification or of an evaluation become one whole. */
export function addMerge(program: Command): void {
  const command = program
    .command('merge')
    .description(
      'put the parts of "identify --shard" or "evaluate --shard" together, after checking all of them',
    )
    .option('--in <place>', 'folder or s3://bucket/prefix with the parts; with --run: its scores/parts')
    .option('--out <file>', 'table of an identification: .csv or .ndjson; also s3://…')
    .option('--run <folder>', 'run folder of an evaluation: the parts become its scores')
    .option('--json', 'print one JSON object');
  withTableFlags(command).action(async (flags: Flags) => {
    if (flags.run !== undefined && flags.out === undefined) await evaluation(flags.run, flags);
    else if (flags.run === undefined && flags.in !== undefined && flags.out !== undefined)
      await table(flags.in, flags.out, flags);
    else
      command.error('error: merge needs --in <place> and --out <file.csv|file.ndjson>; or --run <folder>.');
  });
}

async function table(from: string, out: string, flags: Flags): Promise<void> {
  const view = viewFrom(flags);
  const { mergeTable } = await import('../run/merge-table.ts');
  const output = createOutput(flags.json ?? false);
  const { problems, ...done } = await mergeTable(from, out, view);
  for (const problem of problems) output.say(`! left out: ${problem.file}: ${problem.message}`);
  const words = `${done.parts} parts, ${done.photos} photos: ${done.identified} identified, ${done.answers} with an answer, ${problems.length} left out; ${done.rows} rows: ${out}`;
  output.result({ ...done, out, leftOut: problems }, words);
}

async function evaluation(folder: string, flags: Flags): Promise<void> {
  const { openRun } = await import('../run/open-run.ts');
  const { mergeEvaluation } = await import('../stages/evaluate/merge.ts');
  const { partsFolder } = await import('../stages/evaluate/shard.ts');
  const output = createOutput(flags.json ?? false);
  const request = { run: folder, flags: {}, environment: {}, resume: true, listener: output };
  const run = await openRun(request);
  const place = flags.in ?? partsFolder(run.folder);
  const result = await mergeEvaluation(run, place);
  const words = Object.entries(result).map(([fact, value]) => `${fact}: ${String(value)}`);
  output.result(result, words.join('\n'));
}
