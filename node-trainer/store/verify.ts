import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { parseJson } from '#shared/schema/json.ts';
import { type FileEntry, type ModelCard, modelCardRecord } from '#shared/schema/model.ts';

import { sha256, sha256File } from '../io/hash.ts';
import { VersionDamaged } from './problems.ts';

/** A version's card and the hash by which the catalog knows it. */
export interface CardOnDisk {
  readonly card: ModelCard;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Reads the card of a version folder.
 * @throws VersionDamaged where it is missing, RecordError where it is no card
 */
export async function readCard(folder: string): Promise<CardOnDisk> {
  const path = join(folder, 'card.json');
  const bytes = await readFile(path).catch(() => {
    throw new VersionDamaged(`${path} is missing: this is no folder of a published version.`);
  });
  const card = modelCardRecord.read(parseJson(bytes.toString('utf8'), path), path);
  return { card, bytes: bytes.length, sha256: sha256(bytes) };
}

/**
 * Checks every file of a version folder against its card.
 * @param cardSha256 hash of the card as the catalog has it
 * @param isLeftOut files that nobody will read, so that they may be missing
 * @throws VersionDamaged naming the first file that is missing or altered
 */
export async function verifyVersion(
  folder: string,
  cardSha256?: string,
  isLeftOut: (path: string) => boolean = () => false,
): Promise<CardOnDisk> {
  const found = await readCard(folder);
  if (cardSha256 !== undefined && found.sha256 !== cardSha256) {
    throw new VersionDamaged(
      `${join(folder, 'card.json')} is damaged: it is not the card that was published.`,
    );
  }
  for (const entry of found.card.files) if (!isLeftOut(entry.path)) await verifyFile(folder, entry);
  return found;
}

/** @throws VersionDamaged where the file is missing or is another one */
export async function verifyFile(
  folder: string,
  { path, bytes, sha256: expected }: FileEntry,
): Promise<void> {
  const file = join(folder, path);
  const size = await stat(file).then(
    (info) => info.size,
    () => null,
  );
  if (size === null) throw new VersionDamaged(`${file} is missing.`);
  if (size !== bytes)
    throw new VersionDamaged(`${file} is damaged: it has ${size} bytes instead of ${bytes}.`);
  if ((await sha256File(file)) !== expected) {
    throw new VersionDamaged(`${file} is damaged: its content is not what was published.`);
  }
}
