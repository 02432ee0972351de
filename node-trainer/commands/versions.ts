import type { Command } from 'commander';

import type { SetSummary } from '#shared/schema/model.ts';
import { versionFolder } from '#shared/schema/names.ts';

import type { ListedVersion } from '../store/versions.ts';
import { verdict } from './gate-lines.ts';
import { createOutput } from './output.ts';

/** Lists what was published: which version guests get, and what each is like. */
export function addVersions(program: Command): void {
  program
    .command('versions')
    .description('list the published versions of a model store, newest first')
    .requiredOption('--models <store>', 'model store')
    .option('--json', 'print one JSON object')
    .action(async ({ models, json = false }: { readonly models: string; readonly json?: boolean }) => {
      const { listVersions } = await import('../store/versions.ts');
      const versions = await listVersions(models);
      createOutput(json).result({ models, versions: versions.map(factsOf) }, wordsFor(versions, models));
    });
}

function factsOf({ version, publishedAt, current, card, problem }: ListedVersion): object {
  if (!card) return { version, publishedAt, current, problem };
  const { recipe, architecture, gate, metrics } = card;
  return { version, publishedAt, current, recipe, architecture, gate, metrics };
}

function wordsFor(versions: readonly ListedVersion[], models: string): string {
  if (versions.length === 0) return `Nothing was ever published in ${models}.`;
  return versions.map(lineOf).join('\n');
}

function lineOf({ version, publishedAt, current, card, problem }: ListedVersion): string {
  const head = `${current ? '*' : ' '} ${versionFolder(version)}  ${publishedAt.slice(0, 16).replace('T', ' ')}`;
  if (!card) return `${head}  damaged: ${problem ?? ''}`;
  const { architecture, recipe, dataSet, metrics, gate } = card;
  const figures = witness(metrics);
  return [
    head,
    `${architecture.name}, ${recipe}, ${dataSet.classes} classes`,
    ...(figures === null ? [] : [figures]),
    `gate: ${verdict(gate.decision, gate.override)}`,
  ].join('  ');
}

/** Headline figures of the best witness there is: the test set, else validation. */
function witness(metrics: readonly SetSummary[]): string | null {
  const filled = metrics.filter((set) => set.images > 0);
  const found = filled.find((s) => s.set === 'test') ?? filled.find((s) => s.set === 'validation');
  if (!found) return null;
  const { set, accuracy, truePositive, falsePositive } = found;
  const [top1, right, wrong] = [accuracy, truePositive, falsePositive].map((share) =>
    share === null ? '–' : `${(share * 100).toFixed(1)} %`,
  );
  return `${set}: ${top1 ?? ''} top 1, ${right ?? ''} answered right, ${wrong ?? ''} wrong`;
}
