/** Two people's libraries, each in a profile of its own, exchange exports as files (P1-40, P1-41). */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { standingOf } from '#shared/dataset/opinions.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { openDatabase } from '../storage/db.ts';
import { libraryDatabase } from '../storage/upgrades.ts';
import { fileAt, noise } from '../workers/testing/pictures.ts';
import type { LibraryState } from './contract.ts';
import { createLibrary } from './library.svelte.ts';

const PEOPLE = ['Ada', 'Ben'] as const;
type Person = (typeof PEOPLE)[number];
const OTHER: Record<Person, Person> = { Ada: 'Ben', Ben: 'Ada' };
const REAL = { labelByFolder: true, origin: 'real' } as const;

let exported = 0;
let folder: FileSystemDirectoryHandle;

beforeEach(async () => {
  folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('exchange', { create: true });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await (await navigator.storage.getDirectory()).removeEntry('exchange', { recursive: true });
});

const STORES = [
  'photos',
  'images',
  'thumbs',
  'pastImages',
  'bin',
  'subClasses',
  'unknownLabels',
  'settings',
  'journal',
  'guesses',
  'embeddings',
] as const;

/** Everything that a person's browser has stored, by store and key. */
type Profile = Map<string, (readonly [IDBValidKey, unknown])[]>;
const profiles = new Map<Person, Profile>();

/** Puts a person's profile into the database of this browser, and takes it out again after the work. */
async function as<T>(person: Person, work: (library: LibraryState) => Promise<T>): Promise<T> {
  const db = await openDatabase(libraryDatabase, () => undefined);
  await db.write([...STORES], async (tx) => {
    for (const name of STORES) {
      const store = tx.objectStore(name);
      await store.clear();
      for (const [key, value] of profiles.get(person)?.get(name) ?? []) {
        await (store.put as (value: unknown, key?: IDBValidKey) => Promise<unknown>)(
          value,
          store.keyPath === null ? key : undefined,
        );
      }
    }
  });
  const library = createLibrary();
  await library.open();
  library.person = person;
  const result = await work(library);
  const profile: Profile = new Map();
  await db.read([...STORES], async (tx) => {
    for (const name of STORES) {
      const store = tx.objectStore(name);
      const [keys, values] = [await store.getAllKeys(), await store.getAll()];
      profile.set(
        name,
        keys.map((key, i) => [key, values[i]]),
      );
    }
  });
  profiles.set(person, profile);
  db.close();
  return result;
}

async function filesOf(library: LibraryState): Promise<File[]> {
  const own = await folder.getDirectoryHandle(String((exported += 1)), { create: true });
  Object.assign(window, { showDirectoryPicker: () => Promise.resolve(own) });
  await library.exportLibrary(library.person);
  expect(library.exportJob).toMatchObject({ kind: 'finished', problems: [] });
  const files: File[] = [];
  const entries = (own as unknown as { values: () => AsyncIterable<FileSystemFileHandle> }).values();
  for await (const handle of entries) files.push(await handle.getFile());
  return files;
}

async function send(from: Person): Promise<void> {
  const files = await as(from, filesOf);
  await as(OTHER[from], async (library) => {
    await library.importFiles(files, REAL);
    expect(library.importJob).toMatchObject({ kind: 'finished', problems: [] });
  });
}

const step = fc.record({
  who: fc.constantFrom(...PEOPLE),
  act: fc.oneof(
    fc.constant('send' as const),
    fc.record({ photo: fc.constantFrom('1.png', '2.png', '3.png'), label: fc.constantFrom('Lion', 'Puma') }),
  ),
});

const photosOf = (library: LibraryState): Promise<readonly Photo[]> => Promise.resolve(library.photos);

/** @returns whether the photo is there */
async function say(
  library: LibraryState,
  { photo: file, label }: { readonly photo: string; readonly label: string },
): Promise<boolean> {
  const photo = library.photos.find((p) => p.fileName === file);
  if (!photo) return false;
  await library.assign([photo.id], await library.createLabel('sub-class', label));
  return true;
}

const plain = (photos: readonly Photo[]): unknown =>
  photos
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ opinions, ...photo }) => ({
      ...photo,
      opinions: opinions.toSorted((a, b) => (a.by < b.by ? -1 : 1)),
    }));

test('exchanged in any order, any number of times, nothing is lost or doubled', async () => {
  const pictures = await Promise.all([1, 2, 3].map((n) => noise(n)));
  const fileOf = (label: string, n: number): File =>
    fileAt(`zoo/${label}/${String(n)}.png`, pictures[n - 1]!);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 5 }), async (steps) => {
      profiles.clear();
      await as('Ada', (library) => library.importFiles([fileOf('Lion', 1), fileOf('Lion', 2)], REAL));
      await as('Ben', (library) => library.importFiles([fileOf('Puma', 2), fileOf('Puma', 3)], REAL));
      const said = new Map([
        ['1.png Ada', 'lion'],
        ['2.png Ada', 'lion'],
        ['2.png Ben', 'puma'],
        ['3.png Ben', 'puma'],
      ]);
      for (const { who, act } of steps) {
        if (act === 'send') await send(who);
        else if (await as(who, (library) => say(library, act)))
          said.set(`${act.photo} ${who}`, act.label.toLowerCase());
      }
      for (const who of ['Ada', 'Ben', 'Ben'] as const) await send(who);
      const [adas, bens] = [await as('Ada', photosOf), await as('Ben', photosOf)];
      expect(plain(adas)).toEqual(plain(bens));
      const kept = adas.flatMap((p) =>
        p.opinions.map((o) => [`${p.fileName} ${o.by}`, o.label?.id] as const),
      );
      expect(kept).toHaveLength(said.size);
      expect(new Map(kept)).toEqual(said);
      for (const photo of adas) {
        const labels = new Set(photo.opinions.map((o) => o.label?.id));
        expect(standingOf(photo) === 'disputed').toBe(labels.size > 1);
      }
    }),
    { numRuns: 2, seed: 4, endOnFailure: true },
  );
}, 60_000);
