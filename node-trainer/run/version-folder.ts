import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type CompiledFile, compiledRecord } from '#shared/model/compiled-format.ts';
import { parseJson } from '#shared/schema/json.ts';
import { labelsRecord, type ModelCard, modelCardRecord, type ModelLabel } from '#shared/schema/model.ts';

import { sha256File } from '../io/hash.ts';

/** A published version is not what its card says. The message names the file. */
export class VersionDamaged extends Error {
  override readonly name = 'VersionDamaged';
}

/** A published version, every file checked. */
export interface ModelVersionFiles {
  readonly card: ModelCard;
  readonly labels: readonly ModelLabel[];
  readonly file: CompiledFile;
  readonly weights: ArrayBuffer;
}

/**
 * Reads a version folder after checking every file against the hash in its card.
 * @throws VersionDamaged naming the first file that is missing or altered; RecordError for a card or file of a newer
 *   version
 */
export async function readVersionFolder(folder: string): Promise<ModelVersionFiles> {
  const card = modelCardRecord.read(await readJson(folder, 'card.json'), join(folder, 'card.json'));
  for (const { path, sha256 } of card.files) {
    const found = await sha256File(join(folder, path)).catch(() => null);
    if (found === null) throw new VersionDamaged(`${join(folder, path)} is missing or can't be read.`);
    if (found !== sha256) {
      throw new VersionDamaged(`${join(folder, path)} is damaged: it is not the file that was published.`);
    }
  }
  const { model, labels } = card.network;
  const weightsPath = card.files.find((f) => f.path === model.replace(/[^/]*$/, 'weights.bin'))?.path;
  if (weightsPath === undefined)
    throw new VersionDamaged(`${join(folder, 'card.json')} lists no weights.bin.`);
  return {
    card,
    labels: labelsRecord.read(await readJson(folder, labels), join(folder, labels)).labels,
    file: compiledRecord.read(await readJson(folder, model), join(folder, model)),
    weights: new Uint8Array(await readFile(join(folder, weightsPath))).buffer,
  };
}

async function readJson(folder: string, name: string): Promise<unknown> {
  const path = join(folder, name);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new VersionDamaged(`${path} is missing: ${folder} is no folder of a published version.`);
  });
  return parseJson(text, path);
}
