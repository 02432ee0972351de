import { join } from 'node:path';

import { type Command, InvalidArgumentError, Option } from 'commander';

import { MAX_NAME, versionFolder } from '#shared/schema/names.ts';

import type { Published } from '../store/publish.ts';
import { gateLines } from './gate-lines.ts';
import { createOutput } from './output.ts';
import { refusal } from './refusal.ts';
import { withTargets } from './settings.ts';

interface Options {
  readonly run: string;
  readonly models: string;
  readonly targets?: string;
  readonly override?: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** Publishes the model of a finished run as the next version, if the release gate or a person says so. */
export function addPublish(program: Command): void {
  const command = program
    .command('publish')
    .description('publish the model of a finished run as the next version, if it meets the targets')
    .requiredOption('--run <folder>', 'run folder')
    .requiredOption('--models <store>', 'model store; made where there is none');
  withTargets(command)
    .addOption(
      new Option(
        '--override <reason>',
        'publish although the gate says no; the reason goes into the card',
      ).argParser(reasonOf),
    )
    .addOption(new Option('--by <name>', 'who overrules the gate').argParser(nameOf))
    .option('--json', 'print one JSON object')
    .action(async ({ run, models, targets, override, by = '', json = false }: Options) => {
      const { publishRun } = await import('../run/publish-run.ts');
      const { openLog } = await import('../run/log.ts');
      const { runFolder } = await import('../run/run-folder.ts');
      const output = createOutput(json);
      const reason = override === undefined ? undefined : { reason: override, by };
      const published = await publishRun({
        run,
        models,
        targets,
        override: reason,
        log: openLog(runFolder(run).log, output),
      }).catch((error: unknown) => {
        throw refusal(error, { run, models }, json ? output : null);
      });
      output.result(factsOf(published), wordsFor(published, models));
    });
}

function factsOf({ version, folder, catalog, already, card }: Published): object {
  const { gate } = card;
  return { version, folder, current: catalog.current, sequence: catalog.sequence, already, gate };
}

function wordsFor({ version, folder, catalog, already, card }: Published, models: string): string {
  const name = versionFolder(version);
  if (already) {
    const before = `This model was published before, as version ${name} (${folder}).`;
    return catalog.current === version
      ? before
      : `${before} Guests get another one; to give them this: menagerie rollback --models ${models} --to ${name}`;
  }
  const where = join(models, name);
  return `Published version ${name} in ${where}. Guests get it when their app next looks.\n${gateLines(card.gate)}`;
}

function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason === '') throw new InvalidArgumentError('expected a reason: people will read it in the card');
  if (reason.length > 1000) throw new InvalidArgumentError('expected at most 1000 characters');
  return reason;
}

function nameOf(text: string): string {
  if (text.length > MAX_NAME) throw new InvalidArgumentError(`expected at most ${MAX_NAME} characters`);
  return text;
}
