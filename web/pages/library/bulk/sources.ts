/** What of the library can be identified (P4-16, P4-17). */
import type { Photo } from '#shared/schema/photo.ts';

import { tb } from '../../../messages/text-bulk.ts';
import type { LibraryState } from '../../../state/contract.ts';
import { classesOf } from '../augment/subjects.ts';

export const LIBRARY_SOURCES = ['selection', 'bare', 'unknown', 'all', 'class'] as const;
export type LibrarySource = (typeof LIBRARY_SOURCES)[number];

/** Ids of photos by source, each in the order of the library. */
export type SourcePhotos = Readonly<Record<LibrarySource, readonly string[]>>;

type Source = Pick<LibraryState, 'photos' | 'subClasses' | 'mergeRules'>;

/** @param selection photos chosen elsewhere; those that are gone are left out @param of a class of the library */
export function sourcePhotos(library: Source, selection: readonly string[], of: string | null): SourcePhotos {
  const chosen = new Set(selection);
  const { classOf } = classesOf(library);
  const ids = (fits: (photo: Photo) => boolean): string[] =>
    library.photos.filter(fits).map((photo) => photo.id);
  return {
    selection: chosen.size === 0 ? [] : ids(({ id }) => chosen.has(id)),
    bare: ids(({ label }) => label === null),
    unknown: ids(({ label }) => label?.kind === 'unknown'),
    all: library.photos.map((photo) => photo.id),
    class: of === null ? [] : ids(({ label }) => label?.kind === 'sub-class' && classOf(label.id) === of),
  };
}

/** What a job over these is called. @param of name of the class */
export function sourceName(source: LibrarySource, photos: number, of: string): string {
  switch (source) {
    case 'selection':
      return tb('name.selection', { n: photos });
    case 'class':
      return tb('name.class', { name: of });
    default:
      return tb(`name.${source}`);
  }
}

/** What a job over files is called: the folder, the one file, or the first and how many there are. */
export function filesName(files: readonly File[]): string {
  const [first] = files;
  const folder = first?.webkitRelativePath.split('/')[0];
  if (folder !== undefined && folder !== '') return folder.slice(0, 300);
  return tb('name.files', { file: (first?.name ?? '').slice(0, 300), n: files.length });
}
