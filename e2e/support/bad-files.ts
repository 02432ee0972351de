import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import JSZip from 'jszip';
import sharp from 'sharp';

/** A real JPEG, seeded by its colour. */
export async function goodJpeg(red: number, size = 320): Promise<Buffer> {
  const background = { r: red % 256, g: (red * 7) % 256, b: (red * 13) % 256 };
  const dot = Buffer.from(
    `<svg width="40" height="40"><circle cx="20" cy="20" r="${5 + (red % 15)}" fill="#fff"/></svg>`,
  );
  return sharp({ create: { width: size, height: Math.round(size * 0.75), channels: 3, background } })
    .composite([{ input: dot, left: 10 + (red % 100), top: 20 }])
    .jpeg()
    .toBuffer();
}

/** A JPEG whose canonical image is as large as a real photo's: about 250 kB. */
export async function noisyJpeg(mean: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean, sigma: 40 } as const;
  return sharp({ create: { width: 300, height: 300, channels: 3, background: '#000', noise } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Writes `count` different photos into one class folder, different from those that begin elsewhere. */
export async function writePhotos(folder: string, count: number, first = 0): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) await writeFile(join(folder, `photo-${i}.jpg`), await goodJpeg(first + i));
}

/** Files that must not get in, by name, with what the person is told of each. */
export async function writeBadFiles(folder: string): Promise<{ file: string; says: RegExp }[]> {
  await mkdir(folder, { recursive: true });
  const jpeg = await goodJpeg(200);
  const bad = [
    { file: 'cut.jpg', says: /damaged/i, bytes: jpeg.subarray(0, 60) },
    { file: 'empty.jpg', says: /empty/i, bytes: Buffer.alloc(0) },
    {
      file: 'letter.jpg',
      says: /not a photo/i,
      bytes: Buffer.from('Dear keeper, this is no photo at all.'),
    },
    { file: 'huge.png', says: /30.?000/, bytes: pngHeader(30_000, 30_000) },
    { file: 'outside.zip', says: /leaves|path/i, bytes: await zip('../../outside.jpg', jpeg) },
    { file: 'bomb.zip', says: /bomb|bytes/i, bytes: await zip('bomb.jpg', Buffer.alloc(50 * 2 ** 20)) },
  ];
  for (const { file, bytes } of bad) await writeFile(join(folder, file), bytes);
  return bad.map(({ file, says }) => ({ file, says }));
}

function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(33);
  header.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  header.set([8, 2, 0, 0, 0], 24);
  return header;
}

async function zip(name: string, bytes: Buffer): Promise<Buffer> {
  return new JSZip()
    .file(name, bytes, { createFolders: false })
    .generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
}
