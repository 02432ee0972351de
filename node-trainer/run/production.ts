import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ModelFigures } from '#shared/metrics/gate-figures.ts';
import { parseJson } from '#shared/schema/json.ts';
import type { Catalog, ModelCard } from '#shared/schema/model.ts';
import type { ModelVersion } from '#shared/schema/names.ts';
import { PUBLISHED_SCORES, type ScoresIndex, scoresRecord } from '#shared/schema/scores.ts';

import { readCatalog, versionPath } from '../store/catalog.ts';
import { VersionDamaged } from '../store/problems.ts';
import { readCard, verifyFile } from '../store/verify.ts';
import { readFigures } from './gate-figures.ts';
import { METRICS_FILE } from './metrics-file.ts';

/** What guests have now, as a model store tells it. */
export type StoredProduction =
  | { readonly kind: 'none' }
  /** A version is published, but it is damaged or of a newer Menagerie. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  | {
      readonly kind: 'known';
      readonly version: ModelVersion;
      readonly folder: string;
      readonly cardSha256: string;
      readonly figures: ModelFigures;
    };

/**
 * Reads the version that guests have, with the figures it was published with. Never throws for what lies in the store:
 * a damaged version is an answer too.
 * @param weights SHA-256 of the weights of the model that is to be judged. Where that model itself is in production,
 *   the answer is what it was compared with when it was published.
 */
export async function readProduction(
  models: string | null,
  weights: string | null,
): Promise<StoredProduction> {
  if (models === null) return { kind: 'none' };
  try {
    const catalog = await readCatalog(models);
    const version = await versionBefore(models, catalog, weights);
    return version === null ? { kind: 'none' } : await readVersion(models, catalog, version);
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The scores index of a published version: what it was trained and measured on.
 * @throws RecordError, JsonError naming the file
 */
export async function readPublishedIndex(folder: string): Promise<ScoresIndex> {
  const path = join(folder, PUBLISHED_SCORES.index);
  return scoresRecord.read(parseJson(await readFile(path, 'utf8'), path), path);
}

async function versionBefore(
  models: string,
  catalog: Catalog,
  weights: string | null,
): Promise<ModelVersion | null> {
  if (catalog.current === null || weights === null) return catalog.current;
  const { card } = await readCard(versionPath(models, catalog.current));
  return weightsOf(card) === weights ? card.gate.comparedWith : catalog.current;
}

async function readVersion(
  models: string,
  catalog: Catalog,
  version: ModelVersion,
): Promise<StoredProduction> {
  const folder = versionPath(models, version);
  const listed = catalog.versions.find((v) => v.version === version);
  const { card, sha256 } = await readCard(folder);
  if (listed?.card.sha256 !== sha256)
    throw new VersionDamaged(`${join(folder, 'card.json')} is not the card that was published.`);
  for (const path of [METRICS_FILE, PUBLISHED_SCORES.index]) {
    const entry = card.files.find((file) => file.path === path);
    if (!entry) throw new VersionDamaged(`${join(folder, 'card.json')} lists no ${path}.`);
    await verifyFile(folder, entry);
  }
  const figures = await readFigures(folder, await readPublishedIndex(folder), new Map());
  return { kind: 'known', version, folder, cardSha256: sha256, figures };
}

/** SHA-256 of the weights that guests download. */
function weightsOf({ network, files }: ModelCard): string | null {
  const path = network.model.replace(/[^/]*$/, 'weights.bin');
  return files.find((file) => file.path === path)?.sha256 ?? null;
}
