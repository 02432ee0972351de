import { labelKey, type LabelId, type PhotoId } from '#shared/schema/names.ts';
import { freshPhoto, type Label } from '#shared/schema/photo.ts';
import type { NewPhoto } from '../storage/photos.ts';
import type { Found } from '../workers/read-archive.ts';
import type { ImportOptions } from './import-tools.ts';

/** The record of a picture that came in, labelled by a list that came along, or by its folder where that is wanted. */
export function newPhoto(
  found: Extract<Found, { kind: 'picture' }>,
  options: ImportOptions,
  size: number,
): NewPhoto {
  const { folder, said, prepared } = found;
  const addedAt = new Date().toISOString();
  // Whoever wrote a list of labels meant it more than whoever named the folders.
  const name = said ?? (options.labelByFolder ? folder : null);
  const label = name === null ? chosenLabel(options, addedAt) : labelFor(name, options, addedAt);
  const { id, bytes, width, height, taken, pixels, hash, quality } = prepared;
  const photo = freshPhoto({
    id: id as PhotoId,
    bytes,
    width,
    height,
    taken,
    pixels,
    hash,
    quality,
    fileName: found.fileName.slice(0, 1000),
    source: options.source ?? (folder === null ? 'file' : 'folder'),
    addedAt,
    addedBy: options.person,
    origin: options.origin,
    label,
    canonicalSize: size,
  });
  const files = {
    photo,
    image: prepared.image,
    thumb: prepared.thumb,
    known: 'fill' as const,
    ...(found.original && { original: found.original }),
  };
  return name === null ? files : { ...files, labelName: name };
}

function chosenLabel({ label, person }: ImportOptions, at: string): Label | null {
  return label && { kind: label.kind, id: labelKey(label.id), by: person, at };
}

function labelFor(name: string, options: ImportOptions, at: string): Label {
  const id: LabelId = labelKey(name);
  return { kind: options.unknownIds.has(id) ? 'unknown' : 'sub-class', id, by: options.person, at };
}
