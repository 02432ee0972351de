/** A person's acts on the library. Each is one strict transaction with its journal entry, so it can be undone. */
import type { Label, Photo } from '#shared/schema/photo.ts';
import type { Database, Writing } from './db.ts';
import { journalRecord, type Act, type JournalEntry } from './journal.ts';
import type { LibrarySchema } from './upgrades.ts';

/** Who acts, and when (ISO 8601). */
export interface Stamp {
  readonly by: string;
  readonly at: string;
}

/** Gives all the photos a label, or takes theirs off. Photos that are gone are passed over. */
export function assignLabel(
  db: Database<LibrarySchema>,
  ids: readonly string[],
  label: Label | null,
  name: string | null,
  stamp: Stamp,
): Promise<readonly string[]> {
  return db.write(['photos', 'journal'], async (tx) => {
    const store = tx.objectStore('photos');
    const found = await Promise.all(ids.map((id) => store.get(id)));
    const photos = found.filter((p): p is Photo => p !== undefined);
    if (photos.length === 0) return [];
    for (const photo of photos) await store.put({ ...photo, label });
    const changes = photos.map((photo) => ({ photo: photo.id, before: photo.label, after: label }));
    await log(tx, { kind: 'assign', changes, name }, stamp);
    return photos.map((photo) => photo.id);
  });
}

/** Moves photos to the bin. Their bytes stay, so that undoing brings them back whole. */
export function removePhotos(
  db: Database<LibrarySchema>,
  ids: readonly string[],
  stamp: Stamp,
): Promise<readonly string[]> {
  return db.write(['photos', 'bin', 'journal'], async (tx) => {
    const store = tx.objectStore('photos');
    const found = await Promise.all(ids.map((id) => store.get(id)));
    const photos = found.filter((p): p is Photo => p !== undefined);
    if (photos.length === 0) return [];
    for (const photo of photos) {
      await tx.objectStore('bin').put({ id: photo.id, photo, ...stamp });
      await store.delete(photo.id);
    }
    await log(tx, { kind: 'remove', photos: photos.map((p) => p.id) }, stamp);
    return photos.map((photo) => photo.id);
  });
}

/** Creates a label unless it is there already; the one that is there wins and nothing is journalled. */
export function createLabel(
  db: Database<LibrarySchema>,
  label: Omit<Extract<Act, { kind: 'create' }>, 'kind'>,
  stamp: Stamp,
): Promise<void> {
  return db.write(['subClasses', 'unknownLabels', 'journal'], async (tx) => {
    const { id, name } = label;
    const common = { id, name, createdAt: stamp.at, createdBy: stamp.by };
    const unknown = label.label === 'unknown';
    if (await tx.objectStore(unknown ? 'unknownLabels' : 'subClasses').getKey(id)) return;
    if (unknown) await tx.objectStore('unknownLabels').put({ v: 1, ...common });
    else await tx.objectStore('subClasses').put({ v: 2, ...common, flop: true });
    await log(tx, { kind: 'create', ...label }, stamp);
  });
}

/** The act that `undoLast` would undo. */
export async function lastAct(db: Database<LibrarySchema>): Promise<Act | null> {
  return db.read(['journal'], async (tx) => {
    const cursor = await tx.objectStore('journal').openCursor(null, 'prev');
    return cursor ? readEntry(cursor.value, cursor.key).act : null;
  });
}

/** Takes the last act back and forgets it; says which photos changed. */
export function undoLast(db: Database<LibrarySchema>): Promise<readonly string[]> {
  const stores = ['photos', 'bin', 'journal', 'subClasses', 'unknownLabels'] as const;
  return db.write([...stores], async (tx) => {
    const cursor = await tx.objectStore('journal').openCursor(null, 'prev');
    if (!cursor) return [];
    const { act } = readEntry(cursor.value, cursor.key);
    await cursor.delete();
    switch (act.kind) {
      case 'assign':
        return undoAssign(tx, act);
      case 'remove':
        return restore(tx, act.photos);
      case 'create':
        return undoCreate(tx, act);
    }
  });
}

async function undoAssign(
  tx: Writing<LibrarySchema>,
  act: Extract<Act, { kind: 'assign' }>,
): Promise<string[]> {
  const store = tx.objectStore('photos');
  const touched: string[] = [];
  for (const { photo: id, before } of act.changes) {
    const photo = await store.get(id);
    if (!photo) continue;
    await store.put({ ...photo, label: before });
    touched.push(id);
  }
  return touched;
}

async function restore(tx: Writing<LibrarySchema>, ids: readonly string[]): Promise<string[]> {
  const bin = tx.objectStore('bin');
  const touched: string[] = [];
  for (const id of ids) {
    const binned = await bin.get(id);
    if (!binned) continue;
    await tx.objectStore('photos').put(binned.photo);
    await bin.delete(id);
    touched.push(id);
  }
  return touched;
}

/** A label that photos wear by now (through an import, say) stays. */
async function undoCreate(
  tx: Writing<LibrarySchema>,
  act: Extract<Act, { kind: 'create' }>,
): Promise<string[]> {
  const worn = await tx.objectStore('photos').index('label').count(act.id);
  if (worn === 0)
    await tx.objectStore(act.label === 'unknown' ? 'unknownLabels' : 'subClasses').delete(act.id);
  return [];
}

async function log(tx: Writing<LibrarySchema>, act: Act, stamp: Stamp): Promise<void> {
  const entry: JournalEntry = { v: 1, ...stamp, act };
  await tx.objectStore('journal').add(entry);
}

function readEntry(value: unknown, key: number): JournalEntry {
  return journalRecord.read(value, `journal entry ${String(key)}`);
}
