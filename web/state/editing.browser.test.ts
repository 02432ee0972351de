import { beforeEach, describe, expect, test } from 'vitest';

import { canonicalise } from '#shared/image/canonical.ts';
import { applyEdits } from '#shared/image/edits.ts';
import { NO_EDITS, type Edits, type Photo } from '#shared/schema/photo.ts';
import { decodeExact, decodeImage } from '../platform/decode.ts';
import { sha256 } from '../platform/hash.ts';
import { openDatabase, type Database } from '../storage/db.ts';
import { libraryDatabase, type LibrarySchema } from '../storage/upgrades.ts';
import { fileAt, noise, quarters, withOrientation } from '../workers/testing/pictures.ts';
import type { LibraryState } from './contract.ts';
import { createLibrary } from './library.svelte.ts';

const REAL = { labelByFolder: false, origin: 'real' } as const;
const CROP: Edits = { turn: 90, crop: { x: 0.25, y: 0.125, width: 0.5, height: 0.5 } };

let db: Database<LibrarySchema>;
let library: LibraryState;

beforeEach(async () => {
  db = await openDatabase(libraryDatabase, () => undefined);
  const stores = ['photos', 'images', 'thumbs', 'originals', 'pastImages', 'settings', 'journal'] as const;
  const more = ['bin', 'subClasses', 'guesses', 'embeddings'] as const;
  await db.write([...stores, ...more], async (tx) => {
    for (const store of [...stores, ...more]) await tx.objectStore(store).clear();
  });
  library = createLibrary();
  await library.open();
  library.person = 'Ada';
  return () => {
    db.close();
  };
});

async function added(bytes: Uint8Array<ArrayBuffer>, keep: boolean): Promise<Photo> {
  await library.setKeepOriginals(keep);
  await library.importFiles([fileAt('1.png', bytes)], REAL);
  return only();
}

function only(): Photo {
  const [photo] = library.photos;
  if (!photo) throw new Error('no photo');
  return photo;
}

async function stored(id: string): Promise<{ image: ArrayBuffer; digest: string }> {
  const image = (await db.read(['images'], (tx) => tx.objectStore('images').get(id))) as ArrayBuffer;
  const { data } = await decodeExact(new Uint8Array(image));
  return { image, digest: await sha256(data as Uint8Array<ArrayBuffer>) };
}

const keys = (store: 'originals' | 'pastImages'): Promise<readonly string[]> =>
  db.read([store], (tx) => tx.objectStore(store).getAllKeys());

describe('an edit of a kept original (P1-26, P4-15)', () => {
  test('makes image, pixels, hash and measures anew; undo and redo bring back the very bytes', async () => {
    const bytes = await noise(7, 'image/png', 480);
    const before = await added(bytes, true);
    const first = await stored(before.id);
    const thumb = await library.thumbnail(before.id);

    await library.edit(before.id, CROP);
    const after = only();
    expect(after.edits).toEqual(CROP);
    expect(after.stamps).toMatchObject([{ field: 'edits', by: 'Ada' }]);
    const { pixels } = await decodeImage(bytes, 480);
    const expected = canonicalise(applyEdits(pixels, CROP), 299);
    const edited = await stored(before.id);
    expect(edited.digest).toBe(await sha256(expected.data as Uint8Array<ArrayBuffer>));
    expect(after.pixels).toBe(edited.digest);
    expect([after.hash, after.quality]).not.toEqual([before.hash, before.quality]);
    expect(await library.thumbnail(before.id)).not.toBe(thumb);
    expect(library.undoable).toEqual({ kind: 'edit', name: '', photos: 1 });

    await library.undo();
    expect(only()).toEqual(before);
    expect((await stored(before.id)).image).toEqual(first.image);
    await library.redo();
    expect(only()).toEqual(after);
    expect((await stored(before.id)).image).toEqual(edited.image);
    expect(await keys('pastImages')).toEqual([`${before.id} ${before.pixels}`]);
  });

  test('set back shows it as it came, pixel by pixel, also after a reload', async () => {
    const before = await added(withOrientation(await quarters(1600, 800), 6), true);
    await library.edit(before.id, CROP);
    library = createLibrary();
    await library.open();
    await library.edit(before.id, NO_EDITS);
    expect(only()).toMatchObject({ edits: NO_EDITS, pixels: before.pixels, hash: before.hash });
    await library.undo();
    expect(only().edits).toEqual(CROP);
  });

  test('the same edits again are no act', async () => {
    const { id } = await added(await noise(1), true);
    await library.edit(id, NO_EDITS);
    expect(library.undoable).toBeNull();
  });

  test('what models made of the old image is forgotten, and so is it after undoing', async () => {
    const { id } = await added(await noise(2), true);
    const remember = (): Promise<unknown> =>
      db.write(['guesses', 'embeddings'], async (tx) => {
        await tx.objectStore('guesses').put({ photo: id, model: 'version 7', at: '', top: [] });
        await tx.objectStore('embeddings').put({ photo: id, network: 'n', values: new Float32Array(2) });
      });
    const known = (): Promise<number> =>
      db.read(['guesses', 'embeddings'], async (tx) => {
        return (await tx.objectStore('guesses').count()) + (await tx.objectStore('embeddings').count());
      });
    await remember();
    await library.edit(id, CROP);
    expect(await known()).toBe(0);
    await remember();
    await library.undo();
    expect(await known()).toBe(0);
  });
});

describe('an edit without the original', () => {
  test('is made from the canonical image, and its record is true to the original’s fractions', async () => {
    const { id } = await added(await quarters(800, 400), false);
    expect(await keys('originals')).toEqual([]);
    const source = await library.editSource(id);
    expect(source).toMatchObject({ kind: 'canonical', made: NO_EDITS, width: 800, height: 400 });
    expect(source.scale).toBeCloseTo(299 / 800);
    URL.revokeObjectURL(source.url);
    // The lower right quarter is white: nothing but white and padding is left of it.
    await library.edit(id, { turn: 0, crop: { x: 0.55, y: 0.55, width: 0.4, height: 0.4 } });
    const { data } = await decodeExact(new Uint8Array((await stored(id)).image));
    expect(data.slice(0, 3)).toEqual(Uint8Array.of(0, 0, 0));
    const middle = (150 * 299 + 150) * 3;
    expect(Math.min(...data.slice(middle, middle + 3))).toBeGreaterThan(240);
  });

  test('a crop can be widened again while the picture from before it is kept for undoing', async () => {
    const before = await added(await noise(3, 'image/png', 400), false);
    await library.edit(before.id, CROP);
    const source = await library.editSource(before.id);
    expect(source).toMatchObject({ kind: 'canonical', made: NO_EDITS });
    URL.revokeObjectURL(source.url);
    await library.edit(before.id, NO_EDITS);
    expect(only().pixels).toBe(before.pixels);
  });

  test('where that is gone too, only what is left of it can be cropped further', async () => {
    const { id } = await added(await noise(4, 'image/png', 400), false);
    await library.edit(id, CROP);
    await db.write(['pastImages'], (tx) => tx.objectStore('pastImages').clear());
    const source = await library.editSource(id);
    expect(source).toMatchObject({ kind: 'canonical', made: CROP, width: 200, height: 200 });
    URL.revokeObjectURL(source.url);
    const inner: Edits = { turn: 90, crop: { x: 0.25, y: 0.125, width: 0.25, height: 0.25 } };
    await library.edit(id, inner);
    expect(only().edits).toEqual(inner);
    expect((await stored(id)).digest).toBe(only().pixels);
  });
});

describe('keeping originals (P1-26)', () => {
  test('stores the very bytes of the file; adding it again brings them back; deleting frees them', async () => {
    const bytes = await quarters();
    const { id } = await added(bytes, true);
    const kept = await db.read(['originals'], (tx) => tx.objectStore('originals').get(id));
    expect(new Uint8Array(kept as ArrayBuffer)).toEqual(bytes);
    expect(await library.originals()).toEqual({ photos: 1, bytes: bytes.length });
    await library.deleteOriginals();
    expect(await library.originals()).toEqual({ photos: 0, bytes: 0 });
    await library.importFiles([fileAt('1.png', bytes)], REAL);
    expect(library.importJob).toMatchObject({ kind: 'finished', known: 1 });
    expect(await keys('originals')).toEqual([id]);
  });

  test('goes with the photo when the bin is emptied, and so do images kept for undoing', async () => {
    const { id } = await added(await noise(5), true);
    await library.edit(id, CROP);
    await library.remove([id]);
    await library.emptyBin();
    expect([...(await keys('originals')), ...(await keys('pastImages'))]).toEqual([]);
  });
});

test('photos from the camera come with their source and the label that was chosen once', async () => {
  const lion = await library.createLabel('sub-class', 'Lion');
  await library.importFiles([fileAt('shot.png', await noise(6))], { ...REAL, source: 'camera', label: lion });
  expect(only()).toMatchObject({ source: 'camera', label: { id: 'lion', by: 'Ada' } });
  expect(library.subClasses.map((s) => s.name)).toEqual(['Lion']);
});

test('photos that are taken while others are being stored wait for them', async () => {
  const shots = await Promise.all([8, 9, 10].map(async (n) => fileAt(`${String(n)}.png`, await noise(n))));
  await Promise.all(shots.map((shot) => library.importFiles([shot], { ...REAL, source: 'camera' })));
  expect(library.photos).toHaveLength(3);
  expect(library.importJob).toMatchObject({ kind: 'finished', done: 1, problems: [] });
});
