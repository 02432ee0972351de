import { decide } from '#shared/dataset/merge-photos.ts';
import { labelInForce, withOpinion } from '#shared/dataset/opinions.ts';
import type { Photo } from '#shared/schema/photo.ts';
import type { Writing } from './db.ts';
import { forgetSeen } from './forget-seen.ts';
import type { Act, PartChange, Patch } from './journal.ts';
import { getPhotos } from './photos.ts';
import type { LibrarySchema } from './upgrades.ts';

/** Does an act, or takes it back. Photos that are gone meanwhile are passed over. @returns the photos it touched */
export async function applyAct(
  tx: Writing<LibrarySchema>,
  act: Act,
  way: 'do' | 'undo',
  stamp: { readonly by: string; readonly at: string },
): Promise<readonly string[]> {
  const [toBin, fromBin] = way === 'do' ? [act.binned, act.restored] : [act.restored, act.binned];
  // Only what is in the library can be changed: what comes back comes first, what goes goes last.
  const restored = await takeOutOfBin(tx, fromBin);
  const patchedIds = await applyPatches(tx, act.patches, way);
  for (const part of act.parts) await applyPart(tx, part, way);
  const binned = await putInBin(tx, toBin, stamp);
  return [...new Set([...patchedIds, ...binned, ...restored])];
}

async function applyPatches(
  tx: Writing<LibrarySchema>,
  patches: readonly Patch[],
  way: 'do' | 'undo',
): Promise<readonly string[]> {
  if (patches.length === 0) return [];
  const ids = [...new Set(patches.map((p) => p.photo))];
  const photos = new Map((await getPhotos(tx, ids)).map((photo) => [photo.id, photo]));
  for (const patch of way === 'do' ? patches : patches.toReversed()) {
    const photo = photos.get(patch.photo);
    if (!photo) continue;
    const next = patched(photo, patch, way);
    if (next.pixels !== photo.pixels) await swapImages(tx, photo, next);
    photos.set(photo.id, next);
  }
  await Promise.all([...photos.values()].map((photo) => tx.objectStore('photos').put(photo)));
  return [...photos.keys()];
}

/** The photo as a patch leaves it, or as it was before. */
export function patched(photo: Photo, patch: Patch, way: 'do' | 'undo'): Photo {
  if (patch.field === 'opinion') {
    const opinion = way === 'do' ? patch.after : patch.before;
    const opinions = photo.opinions.filter((o) => o.by !== patch.by);
    if (opinion) return withOpinion({ ...photo, opinions }, { by: patch.by, ...opinion });
    return { ...photo, opinions, label: labelInForce(opinions) };
  }
  const { value, stamp } = way === 'do' ? patch.after : patch.before;
  const fields = (patch.field === 'edits' ? value : { [patch.field]: value }) as Partial<Photo>;
  const bare: Photo = { ...photo, ...fields, stamps: photo.stamps.filter((s) => s.field !== patch.field) };
  return stamp ? decide(bare, { [patch.field]: bare[patch.field] }, stamp) : bare;
}

/** An edit has another image: the one in use goes aside, the one that fits comes back. */
async function swapImages(tx: Writing<LibrarySchema>, from: Photo, to: Photo): Promise<void> {
  const [images, thumbs, past] = [
    tx.objectStore('images'),
    tx.objectStore('thumbs'),
    tx.objectStore('pastImages'),
  ];
  const [image, thumb, other] = await Promise.all([
    images.get(from.id),
    thumbs.get(from.id),
    past.get(`${to.id} ${to.pixels}`),
  ]);
  if (!other) throw new Error(`The image of ${to.fileName} with these edits is not on this device.`);
  if (image && thumb) await past.put({ image, thumb }, `${from.id} ${from.pixels}`);
  await images.put(other.image, to.id);
  await thumbs.put(other.thumb, to.id);
  await past.delete(`${to.id} ${to.pixels}`);
  await forgetSeen(tx, to.id);
}

async function applyPart(
  tx: Writing<LibrarySchema>,
  { store, key, before, after }: PartChange,
  way: 'do' | 'undo',
): Promise<void> {
  const value = way === 'do' ? after : before;
  const target = tx.objectStore(store);
  // A label that photos wear by now (through an import, say) stays.
  const isLabel = store === 'subClasses' || store === 'unknownLabels';
  if (value === null || value === undefined) {
    const worn = isLabel && way === 'undo' ? await tx.objectStore('photos').index('label').count(key) : 0;
    if (worn === 0) await target.delete(key);
    return;
  }
  if (store === 'settings') await tx.objectStore('settings').put(value, key);
  else await target.put(value);
}

async function putInBin(
  tx: Writing<LibrarySchema>,
  ids: readonly string[],
  { by, at }: { readonly by: string; readonly at: string },
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const photos = await getPhotos(tx, ids);
  for (const photo of photos) {
    await tx.objectStore('bin').put({ id: photo.id, photo, by, at });
    await tx.objectStore('photos').delete(photo.id);
  }
  return photos.map((photo) => photo.id);
}

async function takeOutOfBin(tx: Writing<LibrarySchema>, ids: readonly string[]): Promise<readonly string[]> {
  const touched: string[] = [];
  for (const id of ids) {
    const binned = await tx.objectStore('bin').get(id);
    if (!binned) continue;
    await tx.objectStore('photos').put(binned.photo);
    await tx.objectStore('bin').delete(id);
    touched.push(id);
  }
  return touched;
}
