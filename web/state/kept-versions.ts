/** Versions that can look at pictures: those that the server lists, and those on this device. */
import type { Catalog } from '#shared/schema/model.ts';
import { sha256 } from '../platform/hash.ts';
import { openDatabase, type Database } from '../storage/db.ts';
import { modelDatabase, type ModelSchema } from '../storage/model-db.ts';
import { fetchCatalog, fetchVersion, Unreachable } from '../storage/model-fetch.ts';
import { activeVersion, heldVersions, readVersion, seenSequence } from '../storage/model-store.ts';
import { ModelRefused, openVersion, type UsableVersion } from '../storage/model-version.ts';
import type { BulkVersion } from './contract-bulk.ts';

/** A version whose every byte was checked. */
export interface KeptVersion extends UsableVersion {
  /** SHA-256 of its weights. */
  readonly network: string;
  /** Guests get it. */
  readonly current: boolean;
}

export interface KeptVersions {
  /** Newest first. */
  readonly list: () => Promise<readonly BulkVersion[]>;
  /**
   * From this device where it lies there, else from the server; it is kept in memory only.
   * @param version null: the one that guests get
   * @throws ModelRefused, RecordError, Unreachable: in words
   */
  readonly open: (version: number | null) => Promise<KeptVersion>;
}

type Offered = Catalog['versions'][number];

export function createKeptVersions(): KeptVersions {
  let last: (UsableVersion & { readonly network: string; readonly card: string }) | null = null;

  const list: KeptVersions['list'] = () =>
    withModels(async (db) => {
      const catalog = await listedOr(db, null);
      const current = (await activeVersion(db)) ?? catalog?.current ?? null;
      const published = new Map<number, string | null>((await heldVersions(db)).map((held) => [held, null]));
      for (const { version, publishedAt } of catalog?.versions ?? []) published.set(version, publishedAt);
      return [...published]
        .sort(([a], [b]) => b - a)
        .map(([version, publishedAt]) => ({ version, publishedAt, current: version === current }));
    });

  const open: KeptVersions['open'] = (wish) =>
    withModels(async (db) => {
      const active = await activeVersion(db);
      const catalog = wish !== null && wish === active ? null : await listedOr(db, wish);
      const current = active ?? catalog?.current ?? null;
      const version = wish ?? current;
      if (version === null)
        throw new ModelRefused('No model is published yet. An engineer publishes one; then try again.');
      const offered = catalog?.versions.find((one) => one.version === version);
      const found = await load(db, version, offered);
      return { ...found, current: version === current };
    });

  /** Hashes of many megabytes are not taken again for every batch of photos. */
  const load = async (
    db: Database<ModelSchema>,
    version: number,
    offered: Offered | undefined,
  ): Promise<NonNullable<typeof last>> => {
    if (last?.version === version && (!offered || offered.card.sha256 === last.card)) return last;
    const { usable, card } = await loadAnew(db, version, offered);
    last = { ...usable, network: await sha256(usable.weights), card };
    return last;
  };

  return { list, open };
}

async function loadAnew(
  db: Database<ModelSchema>,
  version: number,
  offered: Offered | undefined,
): Promise<{ readonly usable: UsableVersion; readonly card: string }> {
  const held = await readVersion(db, version);
  if (held && (!offered || held.cardSha256 === offered.card.sha256)) {
    try {
      return { usable: await openVersion(held), card: held.cardSha256 };
    } catch (cause) {
      // The copy on the device rotted: the server may still have it.
      if (!offered) throw cause;
    }
  }
  if (!offered)
    throw new ModelRefused(
      `Version ${String(version)} can no longer be had: it is neither on the server nor on this device.`,
    );
  const stored = await fetchVersion(offered, () => undefined, new AbortController().signal);
  return { usable: await openVersion(stored), card: stored.cardSha256 };
}

/** The server's list; null where it cannot be reached, or never had one. @throws ModelRefused for a replayed one */
async function listedOr(db: Database<ModelSchema>, wish: number | null): Promise<Catalog | null> {
  let catalog: Catalog | null;
  try {
    catalog = await fetchCatalog(new AbortController().signal);
  } catch (cause) {
    if (cause instanceof Unreachable && (wish === null || (await readVersion(db, wish)))) return null;
    throw cause;
  }
  const seen = await seenSequence(db);
  if (catalog && catalog.sequence < seen)
    throw new ModelRefused(
      `The server's list of versions is older (${String(catalog.sequence)}) than one seen before (${String(seen)}).`,
    );
  return catalog;
}

async function withModels<T>(work: (db: Database<ModelSchema>) => Promise<T>): Promise<T> {
  const db = await openDatabase(modelDatabase, () => undefined);
  try {
    return await work(db);
  } finally {
    db.close();
  }
}
