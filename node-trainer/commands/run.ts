import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Command } from 'commander';

import { versionFolder } from '#shared/schema/names.ts';

import type { RunContext } from '../run/context.ts';
import { createOutput } from './output.ts';
import { requestOf, type RunFlags, withSettings } from './settings.ts';

/** Adds `menagerie run`: all stages in order with one log, then publishing. */
export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('train on a library and publish the model: all stages in order, with one log')
    .option('--library <path>', 'folder of export shards, a shard, or a folder or zip of class folders')
    .requiredOption('--run <folder>', 'run folder: everything the run makes; a killed run goes on in it')
    .option('--models <folder>', 'model store to publish into; without it nothing is published')
    .option('--resume', 'go on with the run in that folder, with the settings and library it began with');
  withSettings(command).action(async (flags: RunFlags & { readonly models?: string }) => {
    const { openRun } = await import('../run/open-run.ts');
    const { runStages } = await import('../run.ts');
    const output = createOutput(flags.json ?? false);
    const run = await openRun(requestOf(flags, output));
    const results = await runStages(run);
    const version = await publish(run, flags.models);
    const words = await wordsFor(run, version);
    output.result({ run: run.folder.root, version, stages: Object.fromEntries(results) }, words);
  });
}

async function publish(run: RunContext, models: string | undefined): Promise<number | null> {
  if (models === undefined || run.options.throwAway) {
    const reason =
      models === undefined ? 'no --models given' : 'a throw-away run can identify, but never be published';
    run.log.say(`publish: skipped, ${reason}`);
    return null;
  }
  const { publishRun } = await import('../run/publish-run.ts');
  const { version, folder, already } = await publishRun(run.folder.root, models);
  run.log.say(
    `publish: version ${versionFolder(version)} in ${folder}${already ? ', published before' : ''}`,
  );
  return version;
}

async function wordsFor({ folder }: RunContext, version: number | null): Promise<string> {
  const summary = await readFile(join(folder.report, 'summary.txt'), 'utf8');
  const published = version === null ? 'Not published.' : `Published as version ${versionFolder(version)}.`;
  return `${summary}\n${published} Report: ${join(folder.report, 'report.html')}`;
}
