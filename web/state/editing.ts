/** Edits of one photo: what they are made from, for the screen, and making them. */
import { editedShape } from '#shared/image/edits.ts';
import type { Edits, Photo } from '#shared/schema/photo.ts';
import type { Stamp } from '../storage/acts.ts';
import type { Database } from '../storage/db.ts';
import { editPhoto, readEditBase, type EditBase } from '../storage/edit-acts.ts';
import type { LibrarySchema } from '../storage/upgrades.ts';
import type { LibraryWorkers } from './library-workers.ts';

/** The best picture at hand to edit, as the screen shows it. */
export interface EditSource extends Pick<EditBase, 'kind' | 'made'> {
  /** Object URL; the caller revokes it. A canonical image is padded to a square, in whose middle the picture lies. */
  readonly url: string;
  /** Size of that picture in pixels of the original: edits `made` are in it already. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture at hand for each pixel of the original, at most 1. */
  readonly scale: number;
}

/** @throws Error in words where the photo is gone */
export async function readEditSource(db: Database<LibrarySchema>, photo: Photo): Promise<EditSource> {
  const { kind, bytes, made } = await baseOf(db, photo.id);
  const { width, height } = editedShape({ ...photo, edits: made });
  const scale = kind === 'original' ? 1 : Math.min(1, photo.canonicalSize / Math.max(width, height));
  return { kind, made, url: URL.createObjectURL(new Blob([bytes])), width, height, scale };
}

/**
 * Makes the image anew in a worker and stores it as one act.
 * @returns the photos that changed
 * @throws StorageError, ImageRefused, or Error in words where the photo is gone
 */
export async function editPhotoWith(
  { db, images }: { readonly db: Database<LibrarySchema> } & Pick<LibraryWorkers, 'images'>,
  { id, width, height, canonicalSize }: Photo,
  edits: Edits,
  stamp: () => Stamp,
): Promise<readonly string[]> {
  const base = await baseOf(db, id);
  const facts = { width, height, canonicalSize };
  const remade = await images.run(new AbortController().signal, (api) => api.remake(base, edits, facts));
  return editPhoto(db, id, remade, stamp());
}

async function baseOf(db: Database<LibrarySchema>, id: string): Promise<EditBase> {
  const base = await readEditBase(db, id);
  if (!base) throw new Error('This photo is no longer in the library.');
  return base;
}
