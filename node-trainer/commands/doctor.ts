import type { Command } from 'commander';

import type { EngineReport } from '../engines/engine.ts';
import type { LibraryNeed } from '../run/library-need.ts';
import type { Machine } from '../run/machine.ts';
import { createOutput } from './output.ts';

interface Flags {
  readonly json?: boolean;
  readonly library?: string;
  readonly run: string;
}

/** Adds `menagerie doctor`: says what works on this machine, and how to mend what does not. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say which engines work here, what is missing, and whether a library fits on the disk')
    .option('--library <path>', 'a library that is to be trained on: is there room for it?')
    .option('--run <folder>', 'where its run folder will be', '.')
    .option('--json', 'print one JSON object')
    .action(async ({ json = false, library, run }: Flags) => {
      const output = createOutput(json);
      output.say('Trying every engine …');
      const { inspectMachine } = await import('../run/machine.ts');
      const { libraryNeed } = await import('../run/library-need.ts');
      const { freeBytes, NoRoom, megabytes } = await import('../io/room.ts');
      const { inspectEngines } = await import('../engines/engine.ts');
      const need = library === undefined ? null : await libraryNeed(library, run);
      const disk = { folder: run, free: await freeBytes(run) };
      const engines = await inspectEngines();
      const engine = engines.find((e) => e.usable)?.engine ?? null;
      const machine = inspectMachine();
      const report: Report = {
        ...machine,
        disk,
        library: need,
        engines,
        engine,
        advice: advice(machine, engines),
      };
      output.result(report, words(report, megabytes));
      // What can't work is told by the exit code as well: 5, not usable on this machine.
      if (need && !need.fits)
        throw new NoRoom(
          `The disk is too small for this library: ${megabytes(need.needed - need.free)} are missing.`,
        );
      const { EngineUnusable } = await import('../engines/names.ts');
      if (engine === null) throw new EngineUnusable('auto', 'No engine works here.');
    });
}

interface Report extends Machine {
  readonly disk: { readonly folder: string; readonly free: number };
  readonly library: LibraryNeed | null;
  readonly engines: readonly EngineReport[];
  /** The one that `auto` takes. */
  readonly engine: string | null;
  /** What would make it faster, in the order of doing. */
  readonly advice: readonly string[];
}

/** Commands that bring the fastest engine this machine can have. */
export function advice(
  { cards, tools, system }: Pick<Machine, 'cards' | 'tools' | 'system'>,
  engines: readonly EngineReport[],
): string[] {
  const tensorflow = engines.find((e) => e.engine === 'tensorflow');
  if (!tensorflow || !system.startsWith('linux')) return [];
  const card = cards[0];
  const onCard = /NVIDIA/.test(tensorflow.detail);
  if (tensorflow.usable && (onCard || !card)) return [];
  const absent = new Set(tools.filter((tool) => tool.found === null).map((tool) => tool.from));
  return [
    ...(absent.size > 0 ? [`apt-get install ${[...absent].join(' ')}`] : []),
    `npm run native${card ? ' -- --cuda' : ''}`,
  ];
}

type Size = (bytes: number) => string;

function words(report: Report, size: Size): string {
  const { node, system, cores, app, engines, engine } = report;
  return [
    `Node ${node}, ${system}, ${cores} cores, ${memoryWords(report, size)}`,
    `Disk: ${size(report.disk.free)} free at ${report.disk.folder}`,
    ...report.cards.map(
      (card) =>
        `Graphics card: ${card.name}, ${size(card.memory)}, ${size(card.free)} free, driver ${card.driver}`,
    ),
    `Web app: ${app ? 'built' : 'not built yet; to build it: npm run build'}`,
    ...(report.library ? [libraryWords(report.library, size)] : []),
    'Engines, the fastest first:',
    ...engines.map(engineWords),
    `For "npm run native": ${report.tools.map((t) => `${t.name} ${t.found === null ? 'missing' : 'there'}`).join(', ')}`,
    engine ? `Training uses ${engine} unless --engine names another.` : 'No engine works here.',
    ...(report.advice.length > 0 ? [`To make it faster: ${report.advice.join(' && ')}`] : []),
  ].join('\n');
}

function engineWords({ engine, usable, detail, mend }: EngineReport): string {
  const how = mend ? `\n${' '.repeat(15)}to mend it: ${mend}` : '';
  return `  ${usable ? 'yes' : 'no '}  ${engine.padEnd(11)}${detail}${how}`;
}

function memoryWords({ memory, memoryFree, memoryLimit }: Machine, size: Size): string {
  const limit = memoryLimit === null ? '' : `, of which this container may use ${size(memoryLimit)}`;
  return `${size(memory)} of memory, ${size(memoryFree)} free${limit}`;
}

function libraryWords(need: LibraryNeed, size: Size): string {
  const { library, photos, canonicalSize, fetched, images, features, needed, free, fits } = need;
  const what = photos === null ? 'photos' : `${photos} photos of ${canonicalSize ?? '?'} px`;
  const parts = [
    ...(fetched > 0 ? [`${size(fetched)} to fetch`] : []),
    `${size(images)} of images`,
    ...(features > 0 ? [`${size(features)} of features`] : []),
  ];
  const verdict = fits ? `fits in ${size(free)}` : `does NOT fit: only ${size(free)} are free`;
  return `Library ${library}: ${what} need about ${size(needed)} (${parts.join(', ')}); it ${verdict}`;
}
