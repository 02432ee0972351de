import { extname, resolve } from 'node:path';

import type { Command } from 'commander';

import { loadNetwork } from '#shared/model/network.ts';

import { startEngine } from '../engines/engine.ts';
import type { Problem } from '../library/problem.ts';
import { identifyAll } from '../run/identify-all.ts';
import { loadOrTell, openIdentifySource } from '../run/identify-source.ts';
import { OptionError } from '../run/option-kinds.ts';
import { readVersionFolder } from '../run/version-folder.ts';
import { stderrListener } from './listener.ts';
import { withSettings, type RunFlags } from './settings.ts';
import { runStage } from './stages.ts';

interface Flags extends Partial<RunFlags> {
  readonly model?: string;
  readonly out?: string;
  readonly engine?: string;
  readonly [flag: string]: unknown;
}

/** Adds `menagerie identify`: the stage of a run, or any photos with a published version. */
export function addIdentify(program: Command): void {
  const command = program
    .command('identify')
    .description(
      'name many photos at once: of a folder or zip with a published version, or the unnamed ones of a run',
    )
    .argument('[source]', 'folder or zip of photos, or an export')
    .option('--model <folder>', 'folder of a published version; every file is checked first')
    .option('--out <file>', 'where the answers go: .csv or .ndjson')
    .option('--run <folder>', 'instead of the three above: the unnamed photos of a run');
  withSettings(command).action(async (source: string | undefined, flags: Flags) => {
    if (flags.run !== undefined && source === undefined) {
      await runStage('identify', { ...flags, run: flags.run });
    } else {
      await identifyPhotos(source, flags);
    }
  });
}

async function identifyPhotos(
  source: string | undefined,
  { model, out, engine, json }: Flags,
): Promise<void> {
  const format = formatOf(out);
  if (source === undefined || model === undefined || out === undefined || format === null) {
    throw new OptionError(
      'identify needs <folder|zip>, --model <version folder> and --out <file.csv|file.ndjson>, or --run.',
    );
  }
  const { card, labels, file, weights } = await readVersionFolder(resolve(model));
  const listener = stderrListener();
  const photos = await openIdentifySource(resolve(source));
  const { name } = await startEngine(engine ?? process.env.ENGINE ?? 'auto');
  const network = loadNetwork(file, weights);
  const problems: Problem[] = [];
  try {
    const { identified, answers } = await identifyAll(
      {
        network,
        labels,
        threshold: card.threshold,
        items: photos.items,
        nameOf: ({ file: path, photo }) => ({ file: path, photo }),
        load: (item) => loadOrTell(item, (problem) => problems.push(problem)),
        onProgress: (done, total) => {
          listener.progress('identify', done, total);
        },
      },
      [{ path: resolve(out), format }],
    );
    for (const problem of problems) listener.say(`! left out: ${problem.file}: ${problem.message}`);
    const result = {
      model: card.version,
      engine: name,
      identified,
      answers,
      leftOut: problems.length,
      out: resolve(out),
    };
    const text = `${identified} photos identified, ${answers} of them with an answer; ${problems.length} left out. ${out}\n`;
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : text);
  } finally {
    network.dispose();
    await photos.close();
  }
}

function formatOf(out = ''): 'csv' | 'ndjson' | null {
  const extension = extname(out).toLowerCase();
  return extension === '.csv' ? 'csv' : extension === '.ndjson' ? 'ndjson' : null;
}
