import { resolve } from 'node:path';

import { type Command, InvalidArgumentError } from 'commander';

import { AUGMENT_SETTINGS } from '../run/augmentations.ts';
import { OPTIONS, resolveOptions } from '../run/options.ts';
import { createOutput } from './output.ts';
import { withFlags } from './settings.ts';

interface Flags {
  readonly library: string;
  readonly out: string;
  readonly class?: string;
  readonly count: number;
  readonly json?: boolean;
  readonly [setting: string]: unknown;
}

/** Adds `menagerie preview`: how photos are varied in training, to be looked at before a long one. */
export function addPreview(program: Command): void {
  const command = program
    .command('preview')
    .description(
      'draw contact sheets of photos as training varies them, and list those that may be small already',
    )
    .requiredOption(
      '--library <path>',
      'folder of export shards, a shard, or a folder or zip of class folders',
    )
    .requiredOption('--out <folder>', 'where the sheets go: one PNG a class, and preview.json')
    .option('--class <name>', 'only this class or sub-class')
    .option('--count <n>', 'photos a class', photosEach, 4);
  withFlags(command, [...Object.values(AUGMENT_SETTINGS), OPTIONS.seed])
    .option('--json', 'print one JSON object')
    .action(async ({ library, out, class: only, count, json = false, ...flags }: Flags) => {
      const { previewAugmentation } = await import('../run/preview.ts');
      const output = createOutput(json);
      const settings = resolveOptions({ flags, environment: process.env, file: null });
      const preview = await previewAugmentation({
        library,
        out: resolve(out),
        only: only ?? null,
        count,
        settings,
        seed: settings.seed,
        onProgress: (done, total) => {
          output.progress('preview', done, total);
        },
      });
      for (const { file, message } of preview.problems) output.say(`! left out: ${file}: ${message}`);
      for (const { fileName, message } of preview.small)
        output.say(`! not made smaller: ${fileName}: ${message}`);
      const { sheets, small } = preview;
      output.result(
        { out, ...preview },
        `${sheets.length} sheets in ${out}; ${small.length} photos are not made smaller`,
      );
    });
}

function photosEach(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 50) return count;
  throw new InvalidArgumentError('Expected a whole number from 1 to 50.');
}
