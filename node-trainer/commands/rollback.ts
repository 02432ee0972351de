import { type Command, InvalidArgumentError } from 'commander';

import { versionFolder } from '#shared/schema/names.ts';

import { verdict } from './gate-lines.ts';
import { createOutput } from './output.ts';

interface Options {
  readonly models: string;
  readonly to: number;
  readonly json?: boolean;
}

/** Gives guests an earlier (or again a later) version. */
export function addRollback(program: Command): void {
  program
    .command('rollback')
    .description('make an earlier version the one that guests get')
    .requiredOption('--models <store>', 'model store')
    .requiredOption('--to <version>', 'number of the version, such as 006', versionNumber)
    .option('--json', 'print one JSON object')
    .action(async ({ models, to, json = false }: Options) => {
      const { rollback } = await import('../store/rollback.ts');
      const { readCard } = await import('../store/verify.ts');
      const { versionPath } = await import('../store/catalog.ts');
      const { current, sequence } = await rollback(models, to);
      const { gate } = (await readCard(versionPath(models, to))).card;
      const words =
        `Guests now get version ${versionFolder(to)}. Its files are whole. ` +
        `When it was published, the release gate said: ${verdict(gate.decision, gate.override)}.`;
      createOutput(json).result({ models, current, sequence, gate }, words);
    });
}

function versionNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1)
    throw new InvalidArgumentError('expected a number such as 006');
  return Number(text);
}
