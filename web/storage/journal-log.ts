/** The journal as a whole: what can be undone or done again, and the history of one photo. */
import type { IDBPCursorWithValue } from 'idb';

import { applyAct } from './apply-act.ts';
import type { Database, Writing } from './db.ts';
import { journalRecord, photosOf, type Act, type ActWords, type JournalEntry } from './journal.ts';
import type { LibrarySchema } from './upgrades.ts';

/** Everything an undo may have to touch. */
const ALL = [
  'photos',
  'bin',
  'journal',
  'images',
  'thumbs',
  'pastImages',
  'subClasses',
  'unknownLabels',
  'mergeRules',
  'benchmarks',
  'settings',
  'decisions',
  'checks',
  'guesses',
  'embeddings',
] as const;

/** Writes an act down as the newest. */
export async function logAct(
  tx: Writing<LibrarySchema>,
  act: Act,
  stamp: { readonly by: string; readonly at: string },
): Promise<void> {
  const entry: JournalEntry = { v: 2, ...stamp, act, photos: photosOf(act), undone: false };
  await tx.objectStore('journal').add(entry);
}

/** What the two buttons would do. */
export interface Undoable {
  readonly undo: ActWords | null;
  readonly redo: ActWords | null;
}

/** Looks at the journal's end: acts that were taken back lie behind the last one that holds. */
export function readUndoable(db: Database<LibrarySchema>): Promise<Undoable> {
  return db.read(['journal'], async (tx) => {
    let redo: ActWords | null = null;
    let cursor = await tx.objectStore('journal').openCursor(null, 'prev');
    while (cursor) {
      const { act, undone } = readEntry(cursor.value, cursor.key);
      if (!undone) return { undo: wordsOf(act), redo };
      redo = wordsOf(act);
      cursor = await cursor.continue();
    }
    return { undo: null, redo };
  });
}

/** Takes the last act back; it stays in the journal, marked. @returns the photos that changed */
export function undoLast(db: Database<LibrarySchema>): Promise<readonly string[]> {
  return db.write([...ALL], async (tx) => {
    let cursor = await tx.objectStore('journal').openCursor(null, 'prev');
    while (cursor) {
      const entry = readEntry(cursor.value, cursor.key);
      if (!entry.undone) return turn(tx, cursor, entry, 'undo');
      cursor = await cursor.continue();
    }
    return [];
  });
}

/** Does the act that was taken back last again. @returns the photos that changed */
export function redoNext(db: Database<LibrarySchema>): Promise<readonly string[]> {
  return db.write([...ALL], async (tx) => {
    const journal = tx.objectStore('journal');
    let key: number | null = null;
    let cursor = await journal.openCursor(null, 'prev');
    while (cursor && readEntry(cursor.value, cursor.key).undone) {
      key = cursor.key;
      cursor = await cursor.continue();
    }
    const found = key === null ? null : await journal.openCursor(key);
    return found ? turn(tx, found, readEntry(found.value, found.key), 'do') : [];
  });
}

type Cursor = Pick<
  IDBPCursorWithValue<LibrarySchema, (typeof ALL)[number][], 'journal', unknown, 'readwrite'>,
  'update'
>;

async function turn(
  tx: Writing<LibrarySchema>,
  cursor: Cursor,
  entry: JournalEntry,
  way: 'do' | 'undo',
): Promise<readonly string[]> {
  await cursor.update({ ...entry, undone: way === 'undo' });
  return applyAct(tx, entry.act, way, entry);
}

/** Everything that was done to a photo, newest first, what was taken back included. */
export function historyOf(db: Database<LibrarySchema>, photo: string): Promise<readonly JournalEntry[]> {
  return db.read(['journal'], async (tx) => {
    const index = tx.objectStore('journal').index('photo');
    const [keys, values] = await Promise.all([index.getAllKeys(photo), index.getAll(photo)]);
    return values
      .map((value, i) => readEntry(value, keys[i] ?? 0))
      .map((entry) => ({ ...entry, act: onlyOf(entry.act, photo) }))
      .reverse();
  });
}

/** An act on thousands of photos, as far as it concerns one. */
function onlyOf(act: Act, photo: string): Act {
  return { ...act, patches: act.patches.filter((p) => p.photo === photo) };
}

function wordsOf({ kind, name, photos }: Act): ActWords {
  return { kind, name, photos };
}

function readEntry(value: unknown, key: number): JournalEntry {
  return journalRecord.read(value, `journal entry ${String(key)}`);
}
