import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManifestTransform } from 'workbox-build';

/**
 * Adds a subresource-integrity hash to every precache entry: without it a captive portal's HTML, or one flipped
 * byte, would be stored as the new version of the app.
 * @param folder the build output that the manifest's URLs point into
 */
export function addIntegrity(folder: string): ManifestTransform {
  return async (entries) => {
    const manifest = await Promise.all(
      entries.map(async (entry) => {
        const digest = createHash('sha384').update(await readFile(join(folder, entry.url)));
        return { ...entry, integrity: `sha384-${digest.digest('base64')}` };
      }),
    );
    return { manifest, warnings: [] };
  };
}
