import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type CompiledFile, compiledRecord } from '#shared/model/compiled-format.ts';
import { parseJson } from '#shared/schema/json.ts';
import { labelsRecord, type ModelCard, type ModelLabel } from '#shared/schema/model.ts';
import { PUBLISHED_SCORES } from '#shared/schema/scores.ts';

import { VersionDamaged } from '../store/problems.ts';
import { verifyVersion } from '../store/verify.ts';

/** A published version, every file that is read checked. */
export interface ModelVersionFiles {
  readonly card: ModelCard;
  /** SHA-256 of the card: it vouches for every other file. */
  readonly sha256: string;
  readonly labels: readonly ModelLabel[];
  readonly file: CompiledFile;
  readonly weights: ArrayBuffer;
}

/**
 * Reads a version folder after checking every file against the hash in its card, but for the matrix of scores.
 * @throws VersionDamaged naming the first file that is missing or altered; RecordError for a card or file of a newer
 *   version
 */
export async function readVersionFolder(folder: string): Promise<ModelVersionFiles> {
  const { card, sha256 } = await verifyVersion(folder, undefined, isOnlyEvidence);
  const { model, labels } = card.network;
  const weightsPath = card.files.find((f) => f.path === model.replace(/[^/]*$/, 'weights.bin'))?.path;
  if (weightsPath === undefined)
    throw new VersionDamaged(`${join(folder, 'card.json')} lists no weights.bin.`);
  return {
    card,
    sha256,
    labels: labelsRecord.read(await readJson(folder, labels), join(folder, labels)).labels,
    file: compiledRecord.read(await readJson(folder, model), join(folder, model)),
    weights: new Uint8Array(await readFile(join(folder, weightsPath))).buffer,
  };
}

/** The matrix of scores may have a gigabyte, and says nothing about photos that are not in it. */
export function isOnlyEvidence(path: string): boolean {
  return path === PUBLISHED_SCORES.matrix;
}

async function readJson(folder: string, name: string): Promise<unknown> {
  const path = join(folder, name);
  return parseJson(await readFile(path, 'utf8'), path);
}
