// A library of any size, put straight into the app's own database: records as the app writes them, one small thumbnail
// for all, and canonical images for the photos that the labelling room shows first.
import sharp from 'sharp';

const noise = (size) =>
  sharp({
    create: {
      width: size,
      height: size,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 120, sigma: 20 },
    },
  });

/** @param page an open page of the app, whose database is empty */
export async function fillLibrary(page, count) {
  const thumb = [...(await noise(160).jpeg({ quality: 70 }).toBuffer())];
  const image = [...(await noise(299).png().toBuffer())];
  await page.evaluate(putPhotos, { count, thumb, image });
}

/** Runs in the page. */
async function putPhotos({ count, thumb, image }) {
  const db = await new Promise((done, fail) => {
    const request = indexedDB.open('menagerie-library');
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const hex = (n, digits) => n.toString(16).padStart(digits, '0');
  const at = '2026-05-01T09:30:00.000Z';
  const labels = Array.from({ length: 200 }, (_, i) => `animal ${i}`);
  const write = (stores, work) =>
    new Promise((done, fail) => {
      const tx = db.transaction(stores, 'readwrite');
      work(tx);
      tx.oncomplete = done;
      tx.onerror = () => fail(tx.error);
    });
  await write(['subClasses', 'settings'], (tx) => {
    for (const id of labels)
      tx.objectStore('subClasses').put({ v: 2, id, name: id, createdAt: at, createdBy: 'Ada', flop: true });
    tx.objectStore('settings').put('Ada', 'person');
  });
  const [thumbBytes, imageBytes] = [new Uint8Array(thumb).buffer, new Uint8Array(image).buffer];
  const quality = {
    brightness: 0.4,
    contrast: 0.2,
    shadows: 0,
    highlights: 0,
    backlight: 0,
    sharpness: 0.4,
    coverage: 0.6,
  };
  const photoOf = (i) => {
    const time = new Date(Date.UTC(2026, 0, 1) + i * 61_000).toISOString();
    const label = i % 4 === 3 ? null : { kind: 'sub-class', id: labels[i % 200] };
    const by = i % 3 ? 'Ada' : 'Grace';
    return {
      v: 2,
      // Spread like a hash, so that the order of keys is not that of time.
      id: hex(Math.imul(i + 1, 2654435761) >>> 0, 8) + hex(i, 56),
      fileName: `IMG_${(i * 7919) % count}.jpg`,
      bytes: 2_000_000 + ((i * 31) % 500_000),
      width: 4000,
      height: 3000,
      source: i % 2 ? 'folder' : 'zip',
      addedAt: time,
      addedBy: by,
      origin: i % 10 ? 'real' : 'staged',
      label: label && { ...label, by, at: time },
      opinions: label ? [{ by, at: time, label }] : [],
      edits: { turn: 0, crop: null },
      faults: i % 12 ? [] : ['blurry'],
      excluded: i % 12 === 0,
      stamps: [],
      taken: null,
      quality,
      canonicalSize: 299,
      pixels: hex(i, 64),
      // Spread as well: no two of them look alike.
      hash: hex(Math.imul(i + 1, 2654435761) >>> 0, 8) + hex(Math.imul(i + 1, 1597334677) >>> 0, 8),
    };
  };
  for (let from = 0; from < count; from += 2000) {
    await write(['photos', 'thumbs', 'images'], (tx) => {
      for (let i = from; i < Math.min(count, from + 2000); i++) {
        const photo = photoOf(i);
        tx.objectStore('photos').put(photo);
        tx.objectStore('thumbs').put(thumbBytes, photo.id);
        // The labelling room begins with the newest ones without a label.
        if (photo.label === null && i > count - 600) tx.objectStore('images').put(imageBytes, photo.id);
      }
    });
  }
  db.close();
}
