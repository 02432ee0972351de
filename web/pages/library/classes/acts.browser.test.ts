/** What is done to labels and rules, over a real library: each is one act, and one undo takes all of it back. */
import { beforeEach, expect, test } from 'vitest';

import { labelKey } from '#shared/schema/names.ts';
import { photo, subClass } from '#shared/testing/library.ts';
import type { LibraryState } from '../../../state/contract.ts';
import { createLibrary } from '../../../state/library.svelte.ts';
import { openDatabase } from '../../../storage/db.ts';
import { addPhotos } from '../../../storage/photos.ts';
import { libraryDatabase } from '../../../storage/upgrades.ts';
import { dismissPair, merge, rename, setFlop, split } from './acts.ts';
import { stillToCheck } from './rules.ts';

const [chimp, bonobo, lion] = [labelKey('chimp'), labelKey('bonobo'), labelKey('lion')];
const APES = { was: null, name: 'Apes', note: 'Look at the hair.', subClasses: [chimp, bonobo] };

let library: LibraryState;

beforeEach(async () => {
  const db = await openDatabase(libraryDatabase, () => undefined);
  const stores = [
    'photos',
    'images',
    'thumbs',
    'subClasses',
    'unknownLabels',
    'mergeRules',
    'settings',
    'journal',
  ] as const;
  await db.write([...stores], async (tx) => {
    for (const store of stores) await tx.objectStore(store).clear();
  });
  const bytes = new ArrayBuffer(8);
  const photos = ['chimp', 'chimp', 'bonobo', 'lion'].map((label, i) => photo(i + 1, label));
  await addPhotos(
    db,
    photos.map((of) => ({ photo: of, image: bytes, thumb: bytes, known: 'fill' })),
    { subClasses: ['chimp', 'bonobo', 'lion'].map(subClass), unknownLabels: [] },
  );
  db.close();
  library = createLibrary();
  await library.open();
  library.person = 'Ada';
});

const labels = (): unknown[] => library.photos.map((p) => [p.id, p.label?.id, p.opinions.length]).sort();

test('P1-51 P1-55 a merge is a rule; undone, nothing is left of it, and no photo was touched', async () => {
  const before = labels();
  await merge(library, APES);
  expect(library.mergeRules).toMatchObject([{ id: 'apes', note: 'Look at the hair.' }]);
  expect(library.undoable).toMatchObject({ kind: 'merge', name: 'Apes' });
  expect(labels()).toEqual(before);
  await library.undo();
  expect(library.mergeRules).toEqual([]);
  await library.redo();
  expect(library.mergeRules).toHaveLength(1);
});

test('P1-56 P1-57 P1-60 a split asks for exactly its photos; one undo brings rule, queue and pairs back', async () => {
  await merge(library, APES);
  await split(library, library.mergeRules[0]!, true);
  const [check] = library.splitChecks;
  expect([library.mergeRules.length, library.confused.pairs.length]).toEqual([0, 2]);
  expect(stillToCheck(library.photos, check!).map((p) => p.label?.id)).toEqual(
    expect.not.arrayContaining([lion]) as unknown,
  );
  expect(stillToCheck(library.photos, check!)).toHaveLength(3);
  // Worked off photo by photo, by saying the same or something else.
  for (const { id } of stillToCheck(library.photos, check!)) {
    await library.assign([id], { kind: 'sub-class', id: chimp });
  }
  expect(stillToCheck(library.photos, check!)).toHaveLength(0);
  for (let n = 0; n < 3; n++) await library.undo();
  expect(stillToCheck(library.photos, check!)).toHaveLength(3);
  await library.undo();
  expect(library.mergeRules).toHaveLength(1);
  expect([library.splitChecks.length, library.confused.pairs.length]).toEqual([0, 0]);
});

test('another name gives the photos another label in one act; one undo takes all of it back', async () => {
  await merge(library, APES);
  const before = labels();
  await rename(
    library,
    'sub-class',
    library.subClasses.find((s) => s.id === chimp)!,
    'Chimpanzee',
  );
  expect(library.photos.filter((p) => p.label?.id === 'chimpanzee')).toHaveLength(2);
  expect(library.mergeRules[0]?.subClasses).toContain('chimpanzee');
  expect(library.undoable).toEqual({ kind: 'rename', name: 'Chimpanzee', photos: 2 });
  await library.undo();
  expect(labels()).toEqual(before);
  expect(library.mergeRules[0]?.subClasses).toEqual([chimp, bonobo]);
  expect(library.subClasses.map((s) => s.id)).not.toContain('chimpanzee');
});

test('P1-44 photos of an unknown label follow it to another name', async () => {
  const unknown = await library.createLabel('unknown', 'Some ape');
  await library.assign([photo(4, null).id], unknown);
  await rename(library, 'unknown', library.unknownLabels[0]!, 'Unknown Ape');
  expect(library.photo(photo(4, null).id)?.label).toMatchObject({ kind: 'unknown', id: 'unknown ape' });
  await library.undo();
  expect(library.photo(photo(4, null).id)?.label).toMatchObject({ kind: 'unknown', id: 'some ape' });
  expect(library.unknownLabels.map((u) => u.name)).toEqual(['Some ape']);
});

test('mirroring and dismissed confusions have words of their own, and are undone', async () => {
  await setFlop(
    library,
    library.subClasses.find((s) => s.id === lion)!,
    false,
  );
  expect(library.undoable).toMatchObject({ kind: 'mirror', name: 'lion' });
  await dismissPair(library, { truth: chimp, predicted: bonobo });
  expect(library.dismissedPairs).toEqual([{ truth: 'chimp', predicted: 'bonobo' }]);
  await library.undo();
  await library.undo();
  expect(library.dismissedPairs).toEqual([]);
  expect(library.subClasses.every((s) => s.flop)).toBe(true);
});
