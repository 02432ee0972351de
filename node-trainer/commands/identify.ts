import type { Command } from 'commander';

import { createOutput } from './output.ts';
import { type RunFlags, withSettings } from './settings.ts';
import { runStage } from './stages.ts';

type Flags = Partial<RunFlags> & { readonly model?: string; readonly out?: string; readonly engine?: string };

/** Adds `menagerie identify`: the stage of a run, or any photos with a published version. */
export function addIdentify(program: Command): void {
  const command = program
    .command('identify')
    .description('name many photos at once: any, with a published version, or the unnamed ones of a run')
    .argument('[source]', 'folder or zip of photos, or an export')
    .option('--model <folder>', 'folder of a published version; every file is checked first')
    .option('--out <file>', 'where the answers go: .csv or .ndjson')
    .option('--run <folder>', 'instead of the three above: the unnamed photos of a run');
  withSettings(command).action(async (source: string | undefined, flags: Flags) => {
    const { run, model, out } = flags;
    if (source === undefined && run !== undefined) await runStage('identify', { ...flags, run });
    else if (source !== undefined && model !== undefined && out !== undefined)
      await any(source, model, out, flags);
    else command.error(USAGE);
  });
}

const USAGE =
  'error: identify needs <folder|zip>, --model <version folder> and --out <file.csv|file.ndjson>; or --run <folder>.';

async function any(
  source: string,
  model: string,
  out: string,
  { engine, json = false }: Flags,
): Promise<void> {
  const { identifyPhotos } = await import('../run/identify-photos.ts');
  const output = createOutput(json);
  const { problems, ...done } = await identifyPhotos({
    source,
    model,
    out,
    engine: engine ?? (process.env.ENGINE || 'auto'),
    onProgress: (count, total) => {
      output.progress('identify', count, total);
    },
  });
  for (const problem of problems) output.say(`! left out: ${problem.file}: ${problem.message}`);
  const words = `${done.identified} photos identified, ${done.answers} with an answer, ${problems.length} left out: ${out}`;
  output.result({ ...done, out, leftOut: problems }, words);
}
