/** A person's acts on the library. Each is one strict transaction with its journal entry, so it can be undone. */
import { labelKey, type LabelId, type PhotoId } from '#shared/schema/names.ts';
import type { Decided, Fault, Label, Photo } from '#shared/schema/photo.ts';
import { applyAct } from './apply-act.ts';
import type { Database, Writing } from './db.ts';
import type { Act, ActWords, PartChange, Patch } from './journal.ts';
import { logAct } from './journal-log.ts';
import { getPhotos } from './photos.ts';
import type { LibrarySchema } from './upgrades.ts';

/** Who acts, and when (ISO 8601). */
export interface Stamp {
  readonly by: string;
  readonly at: string;
}

const FIELD_STORES = ['photos', 'journal'] as const;
const BIN_STORES = ['photos', 'bin', 'journal'] as const;

const NOTHING: Omit<Act, 'kind' | 'name' | 'photos'> = { patches: [], parts: [], binned: [], restored: [] };

/** Gives all the photos a label as this person's opinion, or takes theirs off. Photos that are gone are passed over. */
export function giveLabel(
  db: Database<LibrarySchema>,
  ids: readonly string[],
  label: Pick<Label, 'kind' | 'id'> | null,
  name: string,
  stamp: Stamp,
): Promise<readonly string[]> {
  return db.write([...FIELD_STORES], async (tx) => {
    const photos = await getPhotos(tx, ids);
    const patches = photos.map((photo) => opinionPatch(photo, label, stamp));
    return perform(
      tx,
      { ...NOTHING, kind: label ? 'label' : 'unlabel', name, photos: photos.length, patches },
      stamp,
    );
  });
}

/** What a person says of a photo, as a change of their opinion. */
export function opinionPatch(
  photo: Photo,
  label: Pick<Label, 'kind' | 'id'> | null,
  { by, at }: Stamp,
): Patch {
  const own = photo.opinions.find((o) => o.by === by);
  const before = own ? { at: own.at, label: own.label } : null;
  const after = { at: later(at, photo), label: label && { kind: label.kind, id: label.id } };
  return { photo: photo.id, field: 'opinion', by, before, after };
}

/** A clock that was set back must not make the newest opinion an old one. */
function later(at: string, photo: Photo): string {
  const newest = photo.opinions.reduce((max, o) => (o.at > max ? o.at : max), '');
  return at > newest ? at : new Date(Date.parse(newest) + 1).toISOString();
}

/** What may be decided of photos besides their labels. */
export type FieldChange =
  | { readonly kind: 'faults'; readonly add: Photo['faults']; readonly remove: Photo['faults'] }
  | { readonly kind: 'exclude' | 'include' }
  | { readonly kind: 'origin'; readonly origin: Photo['origin'] };

/** Changes a field of all the photos; those that have it so already are left alone. */
export function changeField(
  db: Database<LibrarySchema>,
  ids: readonly string[],
  change: FieldChange,
  stamp: Stamp,
): Promise<readonly string[]> {
  return db.write([...FIELD_STORES], async (tx) => {
    const photos = await getPhotos(tx, ids);
    const patches = photos.flatMap((photo) => fieldPatches(photo, change, stamp));
    const touched = new Set(patches.map((p) => p.photo)).size;
    const name =
      change.kind === 'origin' ? change.origin : change.kind === 'faults' ? change.add.join(' ') : '';
    return perform(tx, { ...NOTHING, kind: change.kind, name, photos: touched, patches }, stamp);
  });
}

/** A fault excludes the photo from data sets in the same act (P1-19); taking the last one off takes it in again. */
function fieldPatches(photo: Photo, change: FieldChange, stamp: Stamp): Patch[] {
  switch (change.kind) {
    case 'origin':
      return patchOf(photo, 'origin', change.origin, stamp);
    case 'exclude':
    case 'include':
      return patchOf(photo, 'excluded', change.kind === 'exclude', stamp);
    case 'faults': {
      const left = photo.faults.filter((f) => !change.remove.includes(f));
      const faults = [...new Set([...left, ...change.add])];
      const turned = faults.length > 0 !== photo.faults.length > 0;
      const excluded = turned ? patchOf(photo, 'excluded', faults.length > 0, stamp) : [];
      return [...patchOf(photo, 'faults', faults, stamp), ...excluded];
    }
  }
}

/** A field decided anew; nothing where it is so already. */
export function patchOf<F extends Exclude<Decided, 'edits'>>(
  photo: Photo,
  field: F,
  value: Photo[F],
  stamp: Stamp,
): Patch[] {
  if (JSON.stringify(photo[field]) === JSON.stringify(value)) return [];
  const before = photo.stamps.find((s) => s.field === field);
  const was = { value: photo[field], stamp: before ? { by: before.by, at: before.at } : null };
  return [{ photo: photo.id, field, before: was, after: { value, stamp } } as Patch];
}

/**
 * Moves photos to the bin. Their bytes stay, so that they can come back whole.
 * @param fault why they go: it is noted on them (P3-61)
 */
export function removePhotos(
  db: Database<LibrarySchema>,
  ids: readonly string[],
  stamp: Stamp,
  fault?: Fault,
): Promise<readonly string[]> {
  return db.write([...BIN_STORES], async (tx) => {
    const photos = await getPhotos(tx, ids);
    const change = { kind: 'faults' as const, add: fault ? [fault] : [], remove: [] };
    const patches = photos.flatMap((photo) => fieldPatches(photo, change, stamp));
    const act = { ...NOTHING, name: fault ?? '', photos: photos.length, patches };
    return perform(tx, { ...act, kind: 'remove', binned: photos.map((photo) => photo.id) }, stamp);
  });
}

/** Takes photos out of the bin again. */
export function restorePhotos(
  db: Database<LibrarySchema>,
  ids: readonly string[],
  stamp: Stamp,
): Promise<readonly string[]> {
  return db.write([...BIN_STORES], async (tx) => {
    const found = await Promise.all(ids.map((id) => tx.objectStore('bin').getKey(id)));
    const restored = found.filter((id): id is string => id !== undefined) as PhotoId[];
    return perform(tx, { ...NOTHING, kind: 'restore', name: '', photos: restored.length, restored }, stamp);
  });
}

/** Creates a label unless it is there already; the one that is there wins and nothing is journalled. */
export function createLabel(
  db: Database<LibrarySchema>,
  label: { readonly kind: Label['kind']; readonly id: LabelId; readonly name: string },
  stamp: Stamp,
): Promise<readonly string[]> {
  const store = label.kind === 'unknown' ? 'unknownLabels' : 'subClasses';
  return db.write([store, 'journal'], async (tx) => {
    if (await tx.objectStore(store).getKey(label.id)) return [];
    const common = { id: labelKey(label.id), name: label.name, createdAt: stamp.at, createdBy: stamp.by };
    const after = label.kind === 'unknown' ? { v: 1, ...common } : { v: 2, ...common, flop: true };
    const parts = [{ store, key: label.id, before: null, after }] as const;
    return perform(tx, { ...NOTHING, kind: 'create', name: label.name, photos: 0, parts: [...parts] }, stamp);
  });
}

/** A label that photos are given in the same act as something else. */
export interface Given {
  readonly ids: readonly string[];
  readonly label: Pick<Label, 'kind' | 'id'>;
}

/**
 * Changes labels, rules, benchmarks, settings or decisions: each record as a whole. What was there before is read in
 * the same transaction, so that two tabs never overwrite each other unseen.
 * @param changes `after` null takes the record away
 * @param given labels that photos get with it, as this person's opinion; each photo at most one
 */
export function changeParts(
  db: Database<LibrarySchema>,
  words: ActWords,
  changes: readonly Pick<PartChange, 'store' | 'key' | 'after'>[],
  stamp: Stamp,
  ...given: readonly Given[]
): Promise<readonly string[]> {
  const stores = new Set([
    ...changes.map((c) => c.store),
    'journal' as const,
    ...(given.length > 0 ? FIELD_STORES : []),
  ]);
  return db.write([...stores], async (tx) => {
    const patches: Patch[] = [];
    for (const { ids, label } of given)
      patches.push(...(await getPhotos(tx, ids)).map((photo) => opinionPatch(photo, label, stamp)));
    const parts = await Promise.all(
      changes.map(async (change) => ({
        ...change,
        before: (await tx.objectStore(change.store).get(change.key)) ?? null,
      })),
    );
    return perform(tx, { ...NOTHING, ...words, parts, patches }, stamp);
  });
}

/** Applies an act and writes it down; one that changes nothing is neither. @returns the photos it touched */
export async function perform(
  tx: Writing<LibrarySchema>,
  act: Act,
  stamp: Stamp,
): Promise<readonly string[]> {
  if (act.patches.length + act.parts.length + act.binned.length + act.restored.length === 0) return [];
  const touched = await applyAct(tx, act, 'do', stamp);
  await logAct(tx, act, stamp);
  return touched;
}
