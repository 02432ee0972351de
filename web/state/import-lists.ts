/** Lists of labels among the files that a person brings: they label the pictures beside them. */
import type { Reading } from '#shared/formats/foreign.ts';
import { isAnnotationName } from '#shared/formats/format.ts';
import { addLists, type ImportTools, type Tally } from './import-tools.ts';
import { pathOf } from './import-sources.ts';

/** What is left to be read as pictures, and what the lists call them. */
export interface Listed {
  readonly photos: readonly File[];
  readonly said: Pick<Reading, 'labels' | 'unfiled'>;
}

/** Sets the lists apart, reads them, and counts what is left. @param files no zips */
export async function readLists(
  tools: ImportTools,
  files: readonly File[],
  tally: Tally,
  signal: AbortSignal,
): Promise<Listed> {
  const photos = files.filter((file) => !isAnnotationName(file.name));
  tally.total = photos.length;
  tally.changed();
  if (photos.length === files.length) return { photos, said: { labels: new Map(), unfiled: new Set() } };
  const lists = files
    .filter((file) => isAnnotationName(file.name))
    .map((file) => ({ path: pathOf(file), file }));
  const images = photos.map(pathOf);
  const reading = await tools.archives.run<Reading>(signal, (api) => api.readLists(lists, images));
  addLists(tally, reading);
  return { photos, said: reading };
}
