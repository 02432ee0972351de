import type { Catalog } from '#shared/schema/model.ts';
import { versionFolder } from '#shared/schema/names.ts';

import { readCatalog, versionPath, writeCatalog } from './catalog.ts';
import { whileLocked } from './lock.ts';
import { StoreError } from './problems.ts';
import { verifyVersion } from './verify.ts';

/**
 * Makes a listed version the one that guests get, by one write of the catalog. Its files are checked first.
 * @returns the catalog as it is now; unchanged when the version was current already
 * @throws StoreError for a version that is not listed, VersionDamaged naming a file
 */
export async function rollback(store: string, to: number): Promise<Catalog> {
  return whileLocked(store, async () => {
    const catalog = await readCatalog(store);
    const listed = catalog.versions.find((v) => v.version === to);
    if (!listed) {
      const known = catalog.versions.map((v) => versionFolder(v.version)).join(', ') || 'none';
      throw new StoreError(
        `Version ${versionFolder(to)} is not in the catalog of ${store} (there: ${known}). Nothing was changed.`,
      );
    }
    await verifyVersion(versionPath(store, to), listed.card.sha256);
    if (catalog.current === listed.version) return catalog;
    return writeCatalog(store, { ...catalog, current: listed.version });
  });
}
