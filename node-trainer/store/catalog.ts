import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseJson } from '#shared/schema/json.ts';
import { type Catalog, catalogRecord, EMPTY_CATALOG } from '#shared/schema/model.ts';
import { versionFolder } from '#shared/schema/names.ts';

import { writeAtomic } from '../io/atomic.ts';

const CATALOG = 'catalog.json';

/** Folder of a version inside a store. */
export function versionPath(store: string, version: number): string {
  return join(store, versionFolder(version));
}

/**
 * Reads the list of published versions; empty where none was ever published.
 * @throws RecordError, JsonError naming the file
 */
export async function readCatalog(store: string): Promise<Catalog> {
  const path = join(store, CATALOG);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? EMPTY_CATALOG : catalogRecord.read(parseJson(text, path), path);
}

/** Replaces the list, whole or not at all. Its sequence number goes up, so that devices refuse a replayed old list. */
export async function writeCatalog(store: string, catalog: Catalog): Promise<Catalog> {
  const next = { ...catalog, sequence: catalog.sequence + 1 };
  await writeAtomic(join(store, CATALOG), `${JSON.stringify(next, null, 2)}\n`);
  return next;
}

/** Numbers of all version folders, newest first, listed or not: a cut between the two last steps leaves an unlisted one. */
export async function versionsOnDisk(store: string): Promise<number[]> {
  const names = await readdir(store).catch(() => []);
  const numbers = names.filter((name) => /^\d{3,}$/.test(name)).map(Number);
  return numbers.filter((n) => n > 0).sort((a, b) => b - a);
}

/** A number that no version ever had, not even one that was never listed. */
export async function nextVersion(store: string, catalog: Catalog): Promise<number> {
  const used = [...(await versionsOnDisk(store)), ...catalog.versions.map((v) => v.version)];
  return Math.max(0, ...used) + 1;
}
