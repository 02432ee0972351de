/** Writes the library as a zip for another program. Runs in a worker, which opens the library itself. */
import { isWholePng } from '#shared/archive/png-whole.ts';
import type { PlacedPhoto, WritableFormat } from '#shared/formats/format.ts';
import { writerOf } from '#shared/formats/writers.ts';
import type { Part } from '#shared/schema/dataset.ts';
import type { Photo } from '#shared/schema/photo.ts';
import type { OutPlace } from '../platform/out-file.ts';
import { release } from '../platform/release.ts';
import type { Database } from '../storage/db.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import { saveZip } from './save-zip.ts';
import { imagesOf, type SavedShard } from './write-archive.ts';
import type { OutgoingEntry } from './write-zip.ts';

/** All that goes into such a zip. */
export interface ForeignContent {
  readonly format: WritableFormat;
  readonly photos: readonly Photo[];
  /** Labels as people read them, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** By id of the photo; null where no parts are wanted. */
  readonly parts: ReadonlyMap<string, Part> | null;
}

const TOLD_EVERY = 32;

/**
 * Writes one zip in bounded memory and reads it back before it gets its name.
 * @param progress in photos
 * @throws what the disk says; ArchiveRefused when the zip did not come back as it was written
 */
export async function saveForeign(
  db: Database<LibrarySchema>,
  place: OutPlace,
  name: string,
  content: ForeignContent,
  progress: (photos: number) => void,
): Promise<SavedShard> {
  const leftOut: Photo['id'][] = [];
  const download = await saveZip(place, name, foreignEntries(db, content, leftOut, progress));
  return { download, leftOut };
}

/** Images first: the lists name only those that are whole. */
async function* foreignEntries(
  db: Database<LibrarySchema>,
  { format, photos, names, parts }: ForeignContent,
  leftOut: Photo['id'][],
  progress: (photos: number) => void,
): AsyncGenerator<OutgoingEntry> {
  const writer = writerOf(format);
  const out = photos.map(({ id, label, canonicalSize }) => ({
    id,
    label: label && (names.get(label.id) ?? label.id),
    part: parts?.get(id) ?? null,
    size: canonicalSize,
  }));
  const paths = writer.paths(out);
  const placed: PlacedPhoto[] = [];
  let at = 0;
  for await (const { photo, image } of imagesOf(db, photos)) {
    const [one, path] = [out[at], paths[at]];
    at += 1;
    if (at % TOLD_EVERY === 0) progress(at);
    if (one && path !== undefined && image && isWholePng(image, photo.canonicalSize)) {
      placed.push({ ...one, path });
      yield { name: path, content: image };
    } else leftOut.push(photo.id);
    if (image) release(image.buffer);
  }
  progress(at);
  for (const { name, text } of writer.texts(placed)) yield { name, content: text };
}
