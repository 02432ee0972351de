import { labelKey, type LabelId } from '#shared/schema/names.ts';
import { NO_EDITS, photoRecord, type Label } from '#shared/schema/photo.ts';
import type { NewPhoto } from '../storage/photos.ts';
import type { Prepared } from '../workers/prepare.ts';
import type { Found } from '../workers/read-archive.ts';
import type { ImportOptions } from './import-tools.ts';

/** The record of a picture that came in, with its folder as label where that is wanted. */
export function newPhoto(
  found: Extract<Found, { kind: 'picture' }>,
  options: ImportOptions,
  size: number,
): NewPhoto {
  const { folder, prepared } = found;
  const addedAt = new Date().toISOString();
  const label = options.labelByFolder && folder !== null ? labelFor(folder, options, addedAt) : null;
  const photo = photoRecord.read(
    {
      v: 1,
      ...identityOf(prepared),
      fileName: found.fileName.slice(0, 1000),
      source: options.source ?? (folder === null ? 'file' : 'folder'),
      addedAt,
      addedBy: options.person,
      origin: options.origin,
      label,
      edits: NO_EDITS,
      faults: [],
      excluded: false,
      canonicalSize: size,
    },
    found.fileName,
  );
  const files = { photo, image: prepared.image, thumb: prepared.thumb };
  return folder === null || label === null ? files : { ...files, labelName: folder };
}

function identityOf(
  prepared: Prepared,
): Pick<Prepared, 'id' | 'bytes' | 'width' | 'height' | 'pixels' | 'hash'> {
  const { id, bytes, width, height, pixels, hash } = prepared;
  return { id, bytes, width, height, pixels, hash };
}

function labelFor(folder: string, options: ImportOptions, at: string): Label {
  const id: LabelId = labelKey(folder);
  return { kind: options.unknownIds.has(id) ? 'unknown' : 'sub-class', id, by: options.person, at };
}
