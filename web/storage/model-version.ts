import { compiledRecord, type CompiledFile } from '#shared/model/compiled-format.ts';
import type { CardGate } from '#shared/schema/gate.ts';
import { parseJson } from '#shared/schema/json.ts';
import {
  labelsRecord,
  modelCardRecord,
  type FileEntry,
  type ModelCard,
  type ModelLabel,
} from '#shared/schema/model.ts';
import { sha256 } from '../platform/hash.ts';
import type { StoredVersion } from './model-db.ts';

/** A version is not what its card says. The message names the file. */
export class ModelRefused extends Error {
  override readonly name = 'ModelRefused';
}

/** A version whose every byte was checked. */
export interface UsableVersion {
  readonly version: number;
  readonly threshold: number;
  /** Edge of the canonical image that a picture becomes. */
  readonly canonicalSize: number;
  readonly labels: readonly ModelLabel[];
  /** What the release gate said of it, and whether a person overruled that. */
  readonly gate: CardGate;
  readonly file: CompiledFile;
  readonly weights: ArrayBuffer;
}

/** Files of a version that a guest needs: names, network, and the weights beside the network. */
export function neededFiles(card: ModelCard): FileEntry[] {
  const folder = card.network.model.replace(/[^/]*$/, '');
  const isWeights = (path: string): boolean =>
    path.startsWith(folder) && path.endsWith('.bin') && !path.slice(folder.length).includes('/');
  const needed = card.files.filter(
    ({ path }) => path === card.network.model || path === card.network.labels || isWeights(path),
  );
  for (const path of [card.network.model, card.network.labels]) {
    if (!needed.some((file) => file.path === path))
      throw new ModelRefused(`card.json does not list its own file ${path}.`);
  }
  return needed;
}

/**
 * Reads a card whose bytes were vouched for.
 * @throws ModelRefused, RecordError, JsonError
 */
export async function readCard(
  bytes: ArrayBuffer,
  expected: { readonly version: number; readonly sha256: string },
): Promise<ModelCard> {
  const where = `card.json of version ${String(expected.version)}`;
  if ((await sha256(bytes)) !== expected.sha256) {
    throw new ModelRefused(`${where} is damaged: its SHA-256 is not the published one.`);
  }
  const card = modelCardRecord.read(parseJson(text(bytes), where), where);
  if (card.version !== expected.version) {
    throw new ModelRefused(`${where} belongs to version ${String(card.version)}.`);
  }
  return card;
}

/** @throws ModelRefused naming the file */
export async function checkFile(bytes: ArrayBuffer, entry: FileEntry): Promise<void> {
  if (bytes.byteLength !== entry.bytes) {
    throw new ModelRefused(
      `${entry.path} has ${String(bytes.byteLength)} bytes, but ${String(entry.bytes)} were published.`,
    );
  }
  if ((await sha256(bytes)) !== entry.sha256) {
    throw new ModelRefused(`${entry.path} is damaged: its SHA-256 is not the published one.`);
  }
}

/**
 * Checks every hash of a version and reads it.
 * @throws ModelRefused, RecordError, JsonError naming the file
 */
export async function openVersion(stored: StoredVersion): Promise<UsableVersion> {
  const card = await readCard(stored.card, { version: stored.version, sha256: stored.cardSha256 });
  const byPath = new Map(stored.files.map((file) => [file.path, file.bytes]));
  const needed = neededFiles(card);
  for (const entry of needed) await checkFile(bytesOf(byPath, entry.path), entry);
  const { labels } = labelsRecord.read(json(byPath, card.network.labels), card.network.labels);
  const file = compiledRecord.read(json(byPath, card.network.model), card.network.model);
  if (labels.length !== file.classes) {
    throw new ModelRefused(
      `${card.network.labels} names ${String(labels.length)} classes, the network has ${String(file.classes)}.`,
    );
  }
  const weights = needed
    .filter(({ path }) => path.endsWith('.bin'))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path }) => bytesOf(byPath, path));
  const { version, threshold, canonicalSize, gate } = card;
  return { version, threshold, canonicalSize, labels, gate, file, weights: await joined(weights) };
}

function bytesOf(files: ReadonlyMap<string, ArrayBuffer>, path: string): ArrayBuffer {
  const bytes = files.get(path);
  if (!bytes) throw new ModelRefused(`${path} is missing.`);
  return bytes;
}

function json(files: ReadonlyMap<string, ArrayBuffer>, path: string): unknown {
  return parseJson(text(bytesOf(files, path)), path);
}

function text(bytes: ArrayBuffer): string {
  return new TextDecoder().decode(bytes);
}

function joined(parts: readonly ArrayBuffer[]): Promise<ArrayBuffer> {
  return parts[0] && parts.length === 1 ? Promise.resolve(parts[0]) : new Blob([...parts]).arrayBuffer();
}
