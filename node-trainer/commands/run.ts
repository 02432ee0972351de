import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Command } from 'commander';

import type { CardGate, GateResult } from '#shared/schema/gate.ts';
import { versionFolder } from '#shared/schema/names.ts';

import type { RunContext } from '../run/context.ts';
import { PublishRefused } from '../store/problems.ts';
import type { Published } from '../store/publish.ts';
import { gateLines } from './gate-lines.ts';
import { createOutput } from './output.ts';
import { requestOf, type RunFlags, withSettings, withTargets } from './settings.ts';

/** Adds `menagerie run`: all stages in order with one log, then publishing. */
export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('train on a library and publish the model: all stages in order, with one log')
    .option('--library <path>', 'folder of export shards, a shard, or a folder or zip of class folders')
    .requiredOption('--run <folder>', 'run folder: everything the run makes; a killed run goes on in it')
    .option('--models <folder>', 'model store to publish into; without it nothing is published')
    .option('--resume', 'go on with the run in that folder, with the settings and library it began with');
  withTargets(withSettings(command)).action(async (flags: RunFlags) => {
    const { openRun } = await import('../run/open-run.ts');
    const { runStages } = await import('../run.ts');
    const { readGate } = await import('../run/judge-run.ts');
    const output = createOutput(flags.json ?? false);
    const run = await openRun(requestOf(flags, output));
    const stages = Object.fromEntries(await runStages(run));
    const { published, refused } = await publish(run);
    const gate = published?.card.gate ?? (await readGate(run.folder));
    const version = published?.version ?? null;
    output.result({ run: run.folder.root, version, gate, stages }, await wordsFor(run, version, gate));
    if (refused) throw refused;
  });
}

/** What became of publishing; a refusal is told last, after everything else is finished and printed. */
interface Outcome {
  readonly published: Published | null;
  readonly refused: Error | null;
}

async function publish({ folder, models, options, log }: RunContext): Promise<Outcome> {
  if (models === null || options.throwAway) {
    const reason =
      models === null ? 'no --models given' : 'a throw-away run can identify, but never be published';
    log.say(`publish: skipped, ${reason}`);
    return { published: null, refused: null };
  }
  const { publishRun } = await import('../run/publish-run.ts');
  const { refusal } = await import('./refusal.ts');
  try {
    const published = await publishRun({ run: folder.root, models, log });
    const { version, already } = published;
    log.say(
      `publish: version ${versionFolder(version)} in ${published.folder}${already ? ', published before' : ''}`,
    );
    return { published, refused: null };
  } catch (error) {
    const told = refusal(error, { run: folder.root, models }, null);
    if (!(told instanceof PublishRefused)) throw told;
    log.note(`publish: ${told.message}`);
    return { published: null, refused: told };
  }
}

async function wordsFor(
  { folder }: RunContext,
  version: number | null,
  gate: GateResult | CardGate,
): Promise<string> {
  const summary = await readFile(join(folder.report, 'summary.txt'), 'utf8');
  const published = version === null ? 'Not published.' : `Published as version ${versionFolder(version)}.`;
  return `${summary}\n${gateLines(gate)}\n\n${published} Report: ${join(folder.report, 'report.html')}`;
}
