import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Command } from 'commander';

import { runStages, type RunResults } from '../run.ts';
import type { RunContext } from '../run/context.ts';
import { openRun } from '../run/open-run.ts';
import { publishRun } from '../store/publish.ts';
import { requestOf, type RunFlags, withSettings } from './settings.ts';

/** Adds `menagerie run`: all stages in order with one log, then publishing. */
export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('train on a library and publish the model: all stages in order, with one log')
    .requiredOption(
      '--library <path>',
      'folder of export shards, a shard, or a folder or zip of class folders',
    )
    .requiredOption('--run <folder>', 'run folder: everything the run makes; a killed run goes on in it')
    .option('--models <folder>', 'model store to publish into; without it nothing is published')
    .option('--resume', 'go on with the run in that folder, with the settings it began with');
  withSettings(command).action(async (flags: RunFlags & Record<string, unknown> & { models?: string }) => {
    const run = await openRun(requestOf(flags));
    const results = await runStages(run);
    const version = await publish(run, flags.models);
    process.stdout.write(flags.json ? asJson(run, results, version) : await asText(run, version));
  });
}

async function publish(run: RunContext, models: string | undefined): Promise<number | null> {
  const reason = run.options.throwAway
    ? 'a throw-away run can identify, but never be published'
    : models === undefined
      ? 'no --models given'
      : null;
  if (models === undefined || reason !== null) {
    run.log.say(`publish: skipped, ${reason ?? ''}`);
    return null;
  }
  const { version } = await publishRun({ run: run.folder.root, models });
  run.log.say(`publish: version ${version} in ${models}`);
  return version;
}

function asJson({ folder }: RunContext, results: RunResults, version: number | null): string {
  return `${JSON.stringify({ run: folder.root, version, stages: Object.fromEntries(results) })}\n`;
}

async function asText({ folder }: RunContext, version: number | null): Promise<string> {
  const summary = await readFile(join(folder.report, 'summary.txt'), 'utf8');
  const published = version === null ? 'Not published.' : `Published as version ${version}.`;
  return `${summary}\n${published} Report: ${join(folder.report, 'report.html')}\n`;
}
