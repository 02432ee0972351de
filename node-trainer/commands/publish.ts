import { join } from 'node:path';

import type { Command } from 'commander';

import { versionFolder } from '#shared/schema/names.ts';

import { createOutput } from './output.ts';

interface Options {
  readonly run: string;
  readonly models: string;
  readonly json?: boolean;
}

/** Publishes the model of a finished run as the next version. */
export function addPublish(program: Command): void {
  program
    .command('publish')
    .description('publish the model of a finished run as the next version')
    .requiredOption('--run <folder>', 'run folder')
    .requiredOption('--models <store>', 'model store; made where there is none')
    .option('--json', 'print one JSON object')
    .action(async ({ run, models, json = false }: Options) => {
      const { publishRun } = await import('../run/publish-run.ts');
      const output = createOutput(json);
      const { version, folder, catalog, already } = await publishRun(run, models);
      const name = versionFolder(version);
      const isCurrent = catalog.current === version;
      const words = already
        ? `This run was published before, as version ${name} (${folder}).` +
          (isCurrent
            ? ''
            : ` Guests get another one; to give them this: menagerie rollback --models ${models} --to ${name}`)
        : `Published version ${name} in ${join(models, name)}. Guests get it when their app next looks.`;
      output.result(
        { version, folder, current: catalog.current, sequence: catalog.sequence, already },
        words,
      );
    });
}
