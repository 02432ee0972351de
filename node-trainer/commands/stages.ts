import type { Command } from 'commander';

import { STAGE_WORK } from '../run.ts';
import { openRun } from '../run/open-run.ts';
import type { StageName } from '../run/stage.ts';
import { requestOf, type RunFlags, withSettings } from './settings.ts';

const MEANINGS: Readonly<Record<StageName, string>> = {
  extract: "unpack the library's photos into the run folder, each verified",
  build: 'decide which photos train, validate and test',
  train: 'train a classifier on the data set',
  evaluate: 'score every photo of every set with the network that guests get',
  score: 'compute all metrics from the stored scores, and the report',
  export: 'gather what a published version consists of',
  identify: 'guess what the photos without a name show',
};

/** Adds the stages one by one. `identify` is added by `addIdentify`, which knows a second form of it. */
export function addStages(program: Command): void {
  for (const [name] of STAGE_WORK) if (name !== 'identify') addStage(program, name);
}

function addStage(program: Command, name: StageName): void {
  const command = program
    .command(name)
    .description(MEANINGS[name])
    .requiredOption('--run <folder>', 'run folder; settings not given again are those it began with');
  if (name === 'extract') command.requiredOption('--library <path>', 'the library to unpack');
  withSettings(command).action((flags: RunFlags & Record<string, unknown>) => runStage(name, flags));
}

/** Runs one stage in a run folder and prints its facts. */
export async function runStage(
  name: StageName,
  flags: RunFlags & Readonly<Record<string, unknown>>,
): Promise<void> {
  const run = await openRun({ ...requestOf(flags), resume: name !== 'extract' });
  const work = STAGE_WORK.find(([stage]) => stage === name)?.[1];
  const result = (await work?.(run)) ?? {};
  const lines = Object.entries(result).map(([fact, value]) => `${fact}: ${String(value)}\n`);
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : lines.join(''));
}
