// What a published version made of a large library, put straight into the app's own database: five guesses and the
// features of every photo, and canonical images of the labelled ones. One labelled photo of ten is taken for another
// class, one of ten is right but not sure.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';

import { sha256File } from '../../node-trainer/io/hash.ts';
import { publishVersion } from '../../node-trainer/store/publish.ts';
import { tinyVersion } from '../../node-trainer/testing/tiny-version.ts';
import { NOT_JUDGED } from '../../shared/schema/gate.ts';

/** As many numbers as the app keeps of a network's features while it learns from them. */
const FEATURES = 256;
const CLASSES = 200;
const EDGE = 299;

/** Publishes a version that knows all labels of the library that `fillLibrary` makes. @returns SHA-256 of its weights */
export async function publishKnowing(folder) {
  const files = join(folder, 'version');
  await mkdir(files, { recursive: true });
  const names = Array.from({ length: CLASSES }, (_, i) => `animal ${i}`);
  await tinyVersion(files, 12, names);
  const network = await sha256File(join(files, 'weights.bin'));
  const card = JSON.parse(await readFile(join(files, 'card.json'), 'utf8'));
  await publishVersion({
    store: join(folder, 'models'),
    files,
    card: async (given) => ({ ...card, ...given }),
    gate: async () => NOT_JUDGED,
  });
  await rm(files, { recursive: true });
  return network;
}

/** @param page an open page of the app, whose database `fillLibrary` has filled */
export async function fillSeen(page, network) {
  const detail = await sharp({
    create: {
      width: 96,
      height: 96,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 120, sigma: 40 },
    },
  })
    .png()
    .toBuffer();
  const image = await sharp({ create: { width: EDGE, height: EDGE, channels: 3, background: '#864' } })
    .composite([{ input: detail }])
    .png()
    .toBuffer();
  await page.evaluate(putSeen, { network, image: [...image], features: FEATURES, classes: CLASSES });
}

/** Runs in the page. */
async function putSeen({ network, image, features, classes }) {
  const db = await new Promise((done, fail) => {
    const request = indexedDB.open('menagerie-library');
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const bytes = new Uint8Array(image).buffer;
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const labelOf = (n) => `animal ${n}`;
  const page = (after) =>
    new Promise((done, fail) => {
      const range = after === null ? null : IDBKeyRange.lowerBound(after, true);
      const request = db.transaction('photos').objectStore('photos').getAll(range, 2000);
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  // One label of four has no photos: others that have some are four apart.
  const guessesOf = (own, kind) => {
    const others = Array.from({ length: 5 }, (_, i) => labelOf((own + 4 + i * 28) % classes));
    const best = kind === 'wrong' ? 0.5 + next() / 2 : kind === 'low' ? 0.3 + next() / 3 : 0.99;
    const order =
      kind === 'wrong' ? [others[0], labelOf(own), ...others.slice(1)] : [labelOf(own), ...others];
    return order.slice(0, 5).map((label, i) => ({ label, score: i === 0 ? best : (1 - best) / 2 ** i }));
  };
  for (let photos = await page(null); photos.length > 0; photos = await page(photos.at(-1).id)) {
    await new Promise((done, fail) => {
      const tx = db.transaction(['guesses', 'embeddings', 'images'], 'readwrite');
      for (const { id, label } of photos) {
        const own = label === null ? Math.floor(next() * classes) : Number(label.id.split(' ')[1]);
        const dice = next();
        const kind = dice < 0.1 ? 'wrong' : dice < 0.2 ? 'low' : 'sure';
        const values = new Float32Array(features);
        // Around its class, which lies apart from the others in a few numbers.
        for (let k = 0; k < features; k++) values[k] = next() + ((k * 31 + own) % classes < 4 ? 2 : 0);
        tx.objectStore('guesses').put({
          photo: id,
          model: 'version 1',
          at: '2026-05-01T09:30:00.000Z',
          top: guessesOf(own, kind),
        });
        tx.objectStore('embeddings').put({ photo: id, network, values });
        if (label !== null) tx.objectStore('images').put(bytes, id);
      }
      tx.oncomplete = done;
      tx.onerror = () => fail(tx.error);
    });
  }
  db.close();
}
