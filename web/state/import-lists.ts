/** Lists of labels among the files that a person brings: they label the pictures beside them. */
import type { Reading } from '#shared/formats/foreign.ts';
import { isAnnotationName } from '#shared/formats/format.ts';
import type { LooseList } from '../workers/read-annotations.ts';
import { addLists, type ImportTools, type Tally } from './import-tools.ts';
import { pathOf } from './import-sources.ts';

/** Files that are no zips. */
export interface Loose {
  readonly photos: readonly File[];
  readonly lists: readonly LooseList[];
}

/** Sets lists of labels apart from what is to be read as pictures. */
export function sortLoose(files: readonly File[]): Loose {
  const isList = (file: File): boolean => isAnnotationName(file.name);
  return {
    photos: files.filter((file) => !isList(file)),
    lists: files.filter(isList).map((file) => ({ path: pathOf(file), file })),
  };
}

/** Reads what lists say of the pictures beside them. */
export async function readLists(
  tools: ImportTools,
  { photos, lists }: Loose,
  tally: Tally,
  signal: AbortSignal,
): Promise<Pick<Reading, 'labels' | 'unfiled'>> {
  if (lists.length === 0) return { labels: new Map(), unfiled: new Set() };
  const images = photos.map(pathOf);
  const reading = await tools.archives.run<Reading>(signal, (api) => api.readLists(lists, images));
  addLists(tally, reading);
  return reading;
}
