import { mergePhotos, type MergedPhoto } from '#shared/dataset/merge-photos.ts';
import { withOpinion } from '#shared/dataset/opinions.ts';
import { photoRecord, type Photo } from '#shared/schema/photo.ts';
import type { SubClass, UnknownLabel } from '#shared/schema/label.ts';
import type { Database, Writing } from './db.ts';
import { forgetSeen } from './forget-seen.ts';
import { newestFirst } from './newest-first.ts';
import { readPages } from './photo-pages.ts';
import { looksWhole } from './quick-check.ts';
import type { LibrarySchema } from './upgrades.ts';

/** A photo ready to be stored, whole. */
export interface NewPhoto {
  readonly photo: Photo;
  /** Canonical PNG. */
  readonly image: ArrayBuffer;
  /** Small JPEG. */
  readonly thumb: ArrayBuffer;
  /** The file as it came, where the keeper has originals kept. */
  readonly original?: ArrayBuffer;
  /**
   * What to do with a photo that is here already. `fill`: a picture came again, so its folder's name fills an empty
   * label and changes nothing else. `merge`: another library's record came, so everybody's opinion is kept.
   */
  readonly known: 'fill' | 'merge';
  /** The label as somebody spelt it, where it may be new to the library. */
  readonly labelName?: string;
}

export interface Added {
  readonly added: readonly Photo[];
  /** Already there by content hash, and merged: everybody's opinion kept, the newest decision in force. */
  readonly known: readonly Photo[];
}

/** Labels that the photos of a batch use, stored with them where they are new. */
export interface UsedLabels {
  readonly subClasses: readonly SubClass[];
  readonly unknownLabels: readonly UnknownLabel[];
}

const BATCH_STORES = [
  'photos',
  'images',
  'thumbs',
  'originals',
  'pastImages',
  'bin',
  'subClasses',
  'unknownLabels',
  'guesses',
  'embeddings',
] as const;

/**
 * Stores a batch in one strict transaction: all of it or nothing.
 * @throws StorageError `full` when it does not fit
 */
export function addPhotos(
  db: Database<LibrarySchema>,
  batch: readonly NewPhoto[],
  labels: UsedLabels,
): Promise<Added> {
  return db.write([...BATCH_STORES], async (tx) => {
    await addMissing(tx, 'subClasses', labels.subClasses);
    await addMissing(tx, 'unknownLabels', labels.unknownLabels);
    const results = await Promise.all(batch.map((item) => addPhoto(tx, item)));
    const pick = (isNew: boolean): Photo[] => results.filter((r) => r.isNew === isNew).map((r) => r.photo);
    return { added: pick(true), known: pick(false) };
  });
}

async function addPhoto(
  tx: Writing<LibrarySchema>,
  item: NewPhoto,
): Promise<{ photo: Photo; isNew: boolean }> {
  const { id } = item.photo;
  const [[present], binned] = await Promise.all([getPhotos(tx, [id]), tx.objectStore('bin').get(id)]);
  // Also of a photo that is here already: adding its file again is how its original comes back.
  if (item.original) await tx.objectStore('originals').put(item.original, id);
  const before = present ?? (binned && photoRecord.read(binned.photo, `photo ${id}`));
  if (!before) {
    await tx.objectStore('photos').put(item.photo);
    await tx.objectStore('images').put(item.image, id);
    await tx.objectStore('thumbs').put(item.thumb, id);
    return { photo: item.photo, isNew: true };
  }
  const { photo, image } =
    item.known === 'merge' ? mergePhotos(before, item.photo) : filled(before, item.photo);
  if (!present || JSON.stringify(photo) !== JSON.stringify(present))
    await tx.objectStore('photos').put(photo);
  if (image === 'theirs' && photo.pixels !== before.pixels) await replaceImage(tx, before, item);
  else await repairImage(tx, before, item);
  await tx.objectStore('bin').delete(id);
  return { photo, isNew: !present };
}

function filled(before: Photo, { opinions: [opinion] }: Photo): MergedPhoto {
  const photo = before.label === null && opinion ? withOpinion(before, opinion) : before;
  return { photo, image: 'ours' };
}

/** The other library's edits are newer: its image takes the place of ours, which stays for undoing. */
async function replaceImage(tx: Writing<LibrarySchema>, present: Photo, item: NewPhoto): Promise<void> {
  const [image, thumb] = await Promise.all([
    tx.objectStore('images').get(present.id),
    tx.objectStore('thumbs').get(present.id),
  ]);
  if (image && thumb)
    await tx.objectStore('pastImages').put({ image, thumb }, `${present.id} ${present.pixels}`);
  await tx.objectStore('images').put(item.image, present.id);
  await tx.objectStore('thumbs').put(item.thumb, present.id);
  await forgetSeen(tx, present.id);
}

/** Bytes on a device rot: adding a photo again brings its image back. */
async function repairImage(tx: Writing<LibrarySchema>, present: Photo, item: NewPhoto): Promise<void> {
  if (present.pixels !== item.photo.pixels) return;
  const images = tx.objectStore('images');
  const stored = await images.get(present.id);
  if (!stored || !sameBytes(stored, item.image)) await images.put(item.image, present.id);
}

function sameBytes(a: ArrayBuffer, b: ArrayBuffer): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const [x, y] = [new Uint8Array(a), new Uint8Array(b)];
  return x.every((byte, i) => byte === y[i]);
}

/** Puts the records whose id is not there yet. */
export async function addMissing<Store extends 'subClasses' | 'unknownLabels' | 'mergeRules' | 'benchmarks'>(
  tx: Writing<LibrarySchema>,
  store: Store,
  records: readonly LibrarySchema[Store]['value'][],
): Promise<void> {
  const target = tx.objectStore(store);
  for (const record of records) if (!(await target.getKey(record.id))) await target.put(record);
}

/** The photos among `ids` that are there and whole, inside a transaction of the caller's. */
export async function getPhotos(
  tx: Pick<Writing<LibrarySchema>, 'objectStore'>,
  ids: readonly string[],
): Promise<Photo[]> {
  const store = tx.objectStore('photos');
  const found = await Promise.all(ids.map((id) => store.get(id)));
  const photos: Photo[] = [];
  for (const record of found) if (record) keep(record, photos, []);
  return photos;
}

export interface PhotoList {
  readonly photos: readonly Photo[];
  /** Ids of records that do not pass their schema: kept, but not shown. */
  readonly damaged: readonly string[];
}

/** Every photo of the library, newest first. */
export async function readAllPhotos(db: Database<LibrarySchema>): Promise<PhotoList> {
  const photos: Photo[] = [];
  const damaged: string[] = [];
  await readPages(db, (page) => {
    for (const record of page) {
      if (looksWhole(record)) photos.push(record);
      else keep(record, photos, damaged);
    }
  });
  return { photos: newestFirst(photos), damaged };
}

/** The photos among `ids` that are in the library, in no particular order. */
export async function readPhotos(db: Database<LibrarySchema>, ids: readonly string[]): Promise<PhotoList> {
  const found = await db.read(['photos'], (tx) =>
    Promise.all(ids.map((id) => tx.objectStore('photos').get(id))),
  );
  const photos: Photo[] = [];
  const damaged: string[] = [];
  for (const record of found) if (record) keep(record, photos, damaged);
  return { photos, damaged };
}

function keep(record: Photo, photos: Photo[], damaged: string[]): void {
  try {
    photos.push(photoRecord.read(record, `photo ${record.id}`));
  } catch {
    damaged.push(record.id);
  }
}

/** Bytes of a photo's canonical PNG or small JPEG; null when it is not in the library. */
export async function readBytes(
  db: Database<LibrarySchema>,
  store: 'images' | 'thumbs',
  id: string,
): Promise<ArrayBuffer | null> {
  return (await db.read([store], (tx) => tx.objectStore(store).get(id))) ?? null;
}

/** The same for several photos, in the order of `ids`. */
export function readAllBytes(
  db: Database<LibrarySchema>,
  store: 'images' | 'thumbs',
  ids: readonly string[],
): Promise<(ArrayBuffer | null)[]> {
  return db.read([store], (tx) =>
    Promise.all(ids.map(async (id) => (await tx.objectStore(store).get(id)) ?? null)),
  );
}
