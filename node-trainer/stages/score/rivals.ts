import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { parseJson } from '#shared/schema/json.ts';
import { type Metrics, metricsRecord } from '#shared/schema/metrics.ts';
import { versionFolder } from '#shared/schema/names.ts';

import { sha256File } from '../../io/hash.ts';
import type { RunContext } from '../../run/context.ts';
import { readMetrics } from '../../run/metrics-file.ts';
import { MODEL_FILES } from '../../run/model-files.ts';
import { readProduction } from '../../run/production.ts';
import { finished } from '../../run/stage.ts';
import { versionOfReport } from '../../run/version-scores.ts';
import { readCard } from '../../store/verify.ts';
import type { Rival } from './report/data.ts';

const METRICS = 'metrics.json';

/** What a run is weighed against: the version in production, and every version that looked at the run's photos. */
export async function rivalsOf(run: RunContext, own: Metrics): Promise<Rival[]> {
  const evaluated = await evaluatedVersions(run, own);
  const production = await inProduction(run);
  if (!production) return evaluated.map(({ rival }) => rival);
  const same = evaluated.find(({ version }) => version === production.version);
  const others = evaluated.filter((one) => one !== same).map(({ rival }) => rival);
  const known = same ? { metrics: same.rival.metrics, samePhotos: true } : {};
  return [{ ...production.rival, ...known }, ...others];
}

interface Version {
  readonly version: number;
  readonly rival: Rival;
}

/** With the figures of its own publishing. */
async function inProduction(run: RunContext): Promise<Version | null> {
  const { outputs } = await finished(run.folder, 'train');
  const weights = outputs.find((file) => file.path === MODEL_FILES.networkWeights)?.sha256 ?? null;
  const production = await readProduction(run.models, weights);
  if (production.kind !== 'known') return null;
  const { card } = await readCard(production.folder);
  const path = card.network.model.replace(/[^/]*$/, 'weights.bin');
  return {
    version: production.version,
    rival: {
      title: `Version ${versionFolder(production.version)}, in production`,
      downloadBytes: card.files.find((file) => file.path === path)?.bytes ?? null,
      parameters: card.architecture.parameters,
      metrics: await readMetrics(production.folder),
      samePhotos: false,
    },
  };
}

/** What of it lies in the run folder, for the inputs of the stage: a version that was evaluated since makes a new report. */
export async function rivalInputs({ folder }: Pick<RunContext, 'folder'>): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  for (const path of await reportsIn(folder)) found.push([path, await sha256File(path)]);
  return Object.fromEntries(found);
}

async function reportsIn({ root }: RunContext['folder']): Promise<string[]> {
  const names = (await readdir(root)).filter((name) => versionOfReport(name) !== null).sort();
  const paths: string[] = [];
  for (const name of names)
    if ((await readdir(join(root, name)).catch((): string[] => [])).includes(METRICS))
      paths.push(join(root, name, METRICS));
  return paths;
}

/** Those with figures in the run folder, made with the same threshold and the same commonly-confused table. */
async function evaluatedVersions({ folder }: RunContext, own: Metrics): Promise<Version[]> {
  const found: Version[] = [];
  for (const path of await reportsIn(folder)) {
    const version = versionOfReport(basename(dirname(path))) ?? 0;
    const text = await readFile(path, 'utf8');
    const metrics = metricsRecord.read(parseJson(text, path), path);
    if (metrics.threshold !== own.threshold || metrics.confusedTable !== own.confusedTable) continue;
    const title = `Version ${versionFolder(version)}`;
    found.push({
      version,
      rival: { title, downloadBytes: null, parameters: null, metrics, samePhotos: true },
    });
  }
  return found;
}
