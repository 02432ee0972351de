import type { Command } from 'commander';

import { createOutput, type Output } from './output.ts';
import { type RunFlags, withSettings } from './settings.ts';
import { withShardFlags } from './shard-flags.ts';
import { runStage } from './stages.ts';
import { hasTableFlags, type TableFlags, viewFrom, withTableFlags } from './table-flags.ts';

interface Flags extends Partial<RunFlags>, TableFlags {
  readonly model?: string;
  readonly out?: string;
  readonly engine?: string;
  readonly shard?: string;
  readonly shards?: string;
}

/** Adds `menagerie identify`: the stage of a run, or any photos with a published version, whole or one shard of them. */
export function addIdentify(program: Command): void {
  const command = program
    .command('identify')
    .description('name many photos at once: any, with a published version, or the unnamed ones of a run')
    .argument('[source]', 'folder or zip of photos, or an export; also s3://bucket/…')
    .option('--model <folder>', 'folder of a published version; every file is checked first')
    .option(
      '--out <place>',
      'where the answers go: .csv or .ndjson; with --shard a folder or s3://bucket/prefix',
    )
    .option('--run <folder>', 'instead of source and model: the unnamed photos of a run');
  withSettings(withTableFlags(withShardFlags(command))).action(
    async (source: string | undefined, flags: Flags) => {
      const { run, model, out } = flags;
      if (source === undefined && run !== undefined) await ofRun({ ...flags, run });
      else if (source !== undefined && model !== undefined && out !== undefined)
        await any({ source, model, out }, flags);
      else command.error(USAGE);
    },
  );
}

const USAGE =
  'error: identify needs <folder|zip>, --model <version folder> and --out <file.csv|file.ndjson>; or --run <folder>.';

/** The stage; with `--out` also a table of its own, sorted and filtered. */
async function ofRun(flags: Flags & RunFlags): Promise<void> {
  const { OptionError } = await import('../run/option-kinds.ts');
  if (flags.shard !== undefined || flags.shards !== undefined)
    throw new OptionError("--shard works with --model: a run's unnamed photos are done in one go.");
  if (flags.out === undefined && hasTableFlags(flags))
    throw new OptionError('A sorted or filtered table needs --out <file.csv|file.ndjson>.');
  const view = viewFrom(flags);
  await runStage('identify', flags);
  if (flags.out === undefined) return;
  const { tableOfRun } = await import('../run/table-of-run.ts');
  const { rows } = await tableOfRun(flags.run, flags.out, view);
  createOutput(false).say(`${rows} rows: ${flags.out}`);
}

interface Places {
  readonly source: string;
  readonly model: string;
  readonly out: string;
}

async function any(places: Places, flags: Flags): Promise<void> {
  const { shardOf } = await import('../run/shard.ts');
  const { OptionError } = await import('../run/option-kinds.ts');
  const { OPTIONS } = await import('../run/options.ts');
  const idle = Object.entries(OPTIONS).find(([name]) => name !== 'engine' && flags[name] !== undefined)?.[1];
  if (idle) throw new OptionError(`${idle.flag} is a setting of runs: a published version is used as it is.`);
  const shard = shardOf(flags, process.env);
  const view = viewFrom(flags);
  if (shard && hasTableFlags(flags))
    throw new OptionError('A shard is neither sorted nor filtered: give these flags to "menagerie merge".');
  const { identifyPhotos, identifyShard } = await import('../run/identify-photos.ts');
  const output = createOutput(flags.json ?? false);
  const job = {
    ...places,
    view,
    engine: flags.engine ?? (process.env.ENGINE || 'auto'),
    onProgress: (count: number, total: number) => {
      output.progress('identify', count, total);
    },
  };
  if (shard) {
    const { part, kept } = await identifyShard(job, shard);
    tellLeftOut(output, part.leftOut);
    const words = `shard ${shard.index}/${shard.of}: ${part.rows} photos identified, ${part.leftOut.length} left out: ${places.out}`;
    output.result({ ...part, kept }, kept ? `${words} (was there already, kept)` : words);
    return;
  }
  const { problems, ...done } = await identifyPhotos(job);
  tellLeftOut(output, problems);
  const some = done.rows === done.identified ? '' : `, ${done.rows} of them in the table`;
  const words = `${done.identified} photos identified, ${done.answers} with an answer, ${problems.length} left out${some}: ${places.out}`;
  output.result({ ...done, out: places.out, leftOut: problems }, words);
}

function tellLeftOut(output: Output, problems: readonly { file: string; message: string }[]): void {
  for (const problem of problems) output.say(`! left out: ${problem.file}: ${problem.message}`);
}
