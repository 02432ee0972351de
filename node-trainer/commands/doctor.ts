import { existsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { resolve } from 'node:path';

import type { Command } from 'commander';

import type { EngineReport } from '../engines/engine.ts';
import { createOutput } from './output.ts';

/** Says what works on this machine, and how to mend what does not. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say which engines work here, and what is missing')
    .option('--json', 'print one JSON object')
    .action(async ({ json = false }: { json?: boolean }) => {
      const output = createOutput(json);
      output.say('Trying every engine …');
      const { inspectEngines } = await import('../engines/engine.ts');
      const engines = await inspectEngines();
      const report = { ...machine(), engines, engine: engines.find((e) => e.usable)?.engine ?? null };
      output.result(report, words(report));
    });
}

interface Report {
  readonly node: string;
  readonly system: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly app: boolean;
  readonly engines: readonly EngineReport[];
  /** The one that `auto` takes. */
  readonly engine: string | null;
}

function machine(): Omit<Report, 'engines' | 'engine'> {
  return {
    node: process.versions.node,
    system: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    app: existsSync(resolve(import.meta.dirname, '..', '..', 'dist', 'web', 'index.html')),
  };
}

function words(report: Report): string {
  const { node, system, cores, memoryGiB, app, engines, engine } = report;
  const lines = engines.map(({ engine: name, usable, detail, mend }) => {
    const how = mend ? `\n${' '.repeat(15)}to mend it: ${mend}` : '';
    return `  ${usable ? 'yes' : 'no '}  ${name.padEnd(11)}${detail}${how}`;
  });
  return [
    `Node ${node}, ${system}, ${cores} cores, ${memoryGiB} GiB of memory`,
    `Web app: ${app ? 'built' : 'not built yet; to build it: npm run build'}`,
    'Engines, the fastest first:',
    ...lines,
    engine ? `Training uses ${engine} unless --engine names another.` : 'No engine works here.',
  ].join('\n');
}
