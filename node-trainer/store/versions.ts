import type { ModelCard } from '#shared/schema/model.ts';
import type { ModelVersion } from '#shared/schema/names.ts';

import { readCatalog, versionPath } from './catalog.ts';
import { VersionDamaged } from './problems.ts';
import { readCard } from './verify.ts';

/** A version that a catalog lists. */
export interface ListedVersion {
  readonly version: ModelVersion;
  readonly publishedAt: string;
  /** Is it the one that guests get? */
  readonly current: boolean;
  /** Null where the card can't be read; then `problem` says why. */
  readonly card: ModelCard | null;
  readonly problem: string | null;
}

/**
 * Every version of a store, newest first, each with its card. A damaged card is a line in the list, not its end.
 * @throws RecordError, JsonError for a broken catalog
 */
export async function listVersions(store: string): Promise<ListedVersion[]> {
  const catalog = await readCatalog(store);
  const listed: ListedVersion[] = [];
  for (const { version, publishedAt, card } of catalog.versions.toSorted((a, b) => b.version - a.version)) {
    const about = { version, publishedAt, current: version === catalog.current };
    listed.push({ ...about, ...(await cardOf(versionPath(store, version), card.sha256)) });
  }
  return listed;
}

async function cardOf(folder: string, expected: string): Promise<Pick<ListedVersion, 'card' | 'problem'>> {
  try {
    const { card, sha256 } = await readCard(folder);
    if (sha256 !== expected) throw new VersionDamaged('its card is not the one that was published');
    return { card, problem: null };
  } catch (error) {
    return { card: null, problem: error instanceof Error ? error.message : String(error) };
  }
}
