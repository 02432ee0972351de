import type { Command } from 'commander';

import type { StageName } from '../run/stage.ts';
import { createOutput, factsInWords } from './output.ts';
import { requestOf, type RunFlags, withSettings, withTargets } from './settings.ts';
import { withShardFlags } from './shard-flags.ts';
import { runVersionStage, type VersionFlag, withVersion } from './version-stages.ts';

/** The stages that have no other form; `identify` is added by `addIdentify`. */
const MEANINGS: Readonly<Record<Exclude<StageName, 'identify'>, string>> = {
  extract: "unpack the library's photos into the run folder, each verified",
  build: 'decide which photos train, validate and test',
  train: 'train a classifier on the data set',
  evaluate: 'score every photo of every set with the network that guests get',
  score: 'compute all metrics from the stored scores, and the report',
  export: 'gather what a published version consists of',
};

/** Adds the stages one by one. */
export function addStages(program: Command): void {
  for (const [name, meaning] of Object.entries(MEANINGS)) {
    const command = program
      .command(name)
      .description(meaning)
      .requiredOption('--run <folder>', 'run folder; settings not given again are those it began with');
    if (name === 'extract') command.requiredOption('--library <path>', 'the library to unpack');
    if (name === 'score') {
      command.option('--models <store>', 'model store whose version in production is compared with');
      withTargets(command);
    }
    if (name === 'evaluate') {
      withShardFlags(command).option(
        '--out <place>',
        'with --shard: folder or s3://bucket/prefix of the parts',
      );
    }
    if (name === 'evaluate' || name === 'score') withVersion(command);
    withSettings(command).action((flags: RunFlags & VersionFlag) => {
      if (flags.model !== undefined) return runVersionStage(name, flags.model, flags);
      return isSharded(flags) ? runShard(flags) : runStage(name as StageName, flags);
    });
  }
}

interface EvaluationFlags {
  readonly shard?: string;
  readonly shards?: string;
  readonly out?: string;
}

function isSharded(flags: RunFlags & EvaluationFlags): boolean {
  return flags.shard !== undefined || flags.shards !== undefined;
}

/** Does one shard of an evaluation. */
async function runShard(flags: RunFlags & EvaluationFlags): Promise<void> {
  const { openRun } = await import('../run/open-run.ts');
  const { shardOf } = await import('../run/shard.ts');
  const { evaluateShard, partsFolder } = await import('../stages/evaluate/shard.ts');
  const shard = shardOf(flags, process.env);
  if (!shard) return;
  const output = createOutput(flags.json ?? false);
  const run = await openRun({ ...requestOf(flags, output), resume: true });
  const place = flags.out ?? partsFolder(run.folder);
  const { part, kept } = await evaluateShard(run, shard, place);
  const words = `shard ${shard.index}/${shard.of}: ${part.rows} photos scored, ${part.leftOut.length} unreadable: ${place}`;
  output.result({ ...part, kept }, kept ? `${words} (was there already, kept)` : words);
}

/** Runs one stage in a run folder and prints its facts. */
export async function runStage(name: StageName, flags: RunFlags): Promise<void> {
  const { openRun } = await import('../run/open-run.ts');
  const { STAGE_WORK } = await import('../run.ts');
  const output = createOutput(flags.json ?? false);
  const run = await openRun({ ...requestOf(flags, output), resume: name !== 'extract' });
  const work = STAGE_WORK.find(([stage]) => stage === name)?.[1];
  const result = (await work?.(run)) ?? {};
  output.result(result, factsInWords(result));
}
