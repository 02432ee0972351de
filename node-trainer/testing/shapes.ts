import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';
import { onTestFinished } from 'vitest';

/** A folder of its own for one test, removed when the test ends. */
export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Drawings that even a random network can tell apart, and which hardly ever look alike to the perceptual hash. */
const SHAPES: Readonly<Record<string, (n: number) => string>> = {
  circle: (n) =>
    `<circle cx="${40 + ((n * 7) % 40)}" cy="${30 + ((n * 11) % 30)}" r="${14 + (n % 9)}" fill="#e33"/>`,
  square: (n) =>
    `<rect x="${10 + ((n * 13) % 50)}" y="${8 + ((n * 5) % 30)}" width="${30 + (n % 11)}" height="34" fill="#3c3"/>`,
  stripes: (n) =>
    [0, 1, 2, 3]
      .map(
        (i) => `<rect x="0" y="${i * 24 + ((n * 3) % 14)}" width="120" height="${6 + (n % 5)}" fill="#36e"/>`,
      )
      .join(''),
};
export const CLASSES = Object.keys(SHAPES);

/** A JPEG of a class; another `n` is another picture. */
export async function drawShape(name: string, n: number): Promise<Buffer> {
  const grey = 90 + ((n * 37) % 130);
  const noise = Array.from({ length: 24 }, (_, i) => {
    const [x, y] = [(i * 53 + n * 29) % 120, (i * 31 + n * 17) % 90];
    return `<rect x="${x}" y="${y}" width="9" height="7" fill="rgb(${(i * 40 + n * 13) % 256},${grey},${(i * 90) % 256})"/>`;
  }).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90"><rect width="120" height="90" fill="rgb(${grey},${grey},${grey})"/>${noise}${SHAPES[name]?.(n) ?? ''}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
}

/** Class folders of drawings below `root`. */
export async function drawFolders(
  root: string,
  photosEach: number,
  classes: readonly string[] = CLASSES,
): Promise<string> {
  for (const name of classes) {
    await mkdir(join(root, name), { recursive: true });
    for (let n = 0; n < photosEach; n++)
      await writeFile(join(root, name, `${n}.jpg`), await drawShape(name, n));
  }
  return root;
}
