/** Crops and turns of a photo (P1-26, P4-15): data in its record, and the image that was made with them. */
import { NO_EDITS, type Edits, type Photo } from '#shared/schema/photo.ts';
import { perform, type Stamp } from './acts.ts';
import type { Database } from './db.ts';
import type { Act, Patch } from './journal.ts';
import { historyOf } from './journal-log.ts';
import { getPhotos, readPhotos } from './photos.ts';
import type { LibrarySchema } from './upgrades.ts';

/** A photo's image made anew with edits, and what was read off it. */
export interface Remade extends Pick<Photo, 'edits' | 'canonicalSize' | 'pixels' | 'hash' | 'quality'> {
  /** Canonical PNG. */
  readonly image: ArrayBuffer;
  /** Small JPEG. */
  readonly thumb: ArrayBuffer;
}

const EDIT_STORES = ['photos', 'images', 'thumbs', 'pastImages', 'guesses', 'embeddings', 'journal'] as const;

/**
 * Gives a photo its remade image in one act. The image in use goes aside, so that undoing brings back its very bytes.
 * @returns the photos it touched: none where the photo is gone or the edits are in force already
 */
export function editPhoto(
  db: Database<LibrarySchema>,
  id: string,
  remade: Remade,
  stamp: Stamp,
): Promise<readonly string[]> {
  return db.write([...EDIT_STORES], async (tx) => {
    const [photo] = await getPhotos(tx, [id]);
    if (!photo) return [];
    const patch = editPatch(photo, remade, stamp);
    if (JSON.stringify(patch.before.value) === JSON.stringify(patch.after.value)) return [];
    if (remade.pixels !== photo.pixels) {
      const { image, thumb } = remade;
      await tx.objectStore('pastImages').put({ image, thumb }, `${id} ${remade.pixels}`);
    }
    return perform(tx, actOf(patch), stamp);
  });
}

function actOf(patch: Patch): Act {
  return { kind: 'edit', name: '', photos: 1, patches: [patch], parts: [], binned: [], restored: [] };
}

function editPatch(photo: Photo, remade: Remade, stamp: Stamp): Extract<Patch, { field: 'edits' }> {
  const before = photo.stamps.find((s) => s.field === 'edits');
  return {
    photo: photo.id,
    field: 'edits',
    before: { value: seenOf(photo), stamp: before ? { by: before.by, at: before.at } : null },
    after: { value: seenOf(remade), stamp },
  };
}

function seenOf({ edits, canonicalSize, pixels, hash, quality }: Omit<Remade, 'image' | 'thumb'>): Seen {
  return { edits, canonicalSize, pixels, hash, quality };
}
type Seen = Extract<Patch, { field: 'edits' }>['after']['value'];

/** The picture that edits can be made from: the best that this device has. */
export interface EditBase {
  /** The file as it came, or a canonical image. */
  readonly kind: 'original' | 'canonical';
  readonly bytes: ArrayBuffer;
  /** The edits that this picture was made with; a crop among them can't be widened. */
  readonly made: Edits;
}

/**
 * Finds it: the kept original; else the image in use where nothing was cut off it; else the image from before the crop,
 * kept for undoing; else the image in use.
 * @returns null for a photo that is gone
 */
export async function readEditBase(db: Database<LibrarySchema>, id: string): Promise<EditBase | null> {
  const { photos } = await readPhotos(db, [id]);
  const [original, image] = await db.read(['images', 'originals'], (tx) =>
    Promise.all([tx.objectStore('originals').get(id), tx.objectStore('images').get(id)]),
  );
  const photo = photos[0];
  if (!photo) return null;
  if (original) return { kind: 'original', bytes: original, made: NO_EDITS };
  const uncropped = photo.edits.crop === null ? null : await readUncropped(db, photo);
  if (uncropped) return uncropped;
  return image ? { kind: 'canonical', bytes: image, made: photo.edits } : null;
}

async function readUncropped(db: Database<LibrarySchema>, photo: Photo): Promise<EditBase | null> {
  const seen = (await historyOf(db, photo.id))
    .flatMap(({ act }) => act.patches)
    .flatMap((patch) => (patch.field === 'edits' ? [patch.before.value, patch.after.value] : []))
    .filter(({ edits, canonicalSize }) => edits.crop === null && canonicalSize === photo.canonicalSize);
  for (const { pixels, edits } of seen) {
    const past = await db.read(['pastImages'], (tx) =>
      tx.objectStore('pastImages').get(`${photo.id} ${pixels}`),
    );
    if (past) return { kind: 'canonical', bytes: past.image, made: edits };
  }
  return null;
}
