import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';

import { createRandom } from '#shared/dataset/random.ts';

import type { Animal } from './animals.ts';
import type { Artwork } from './artwork.ts';
import { composeScene } from './scene.ts';

/**
 * Renders photos of one animal into `folder/<name>/<name>-001.jpg` …, the styles in turn.
 * Seeded by the animal's name and `seed`: the same call gives the same scenes.
 */
export async function renderPhotos(
  artwork: Artwork,
  animal: Animal,
  folder: string,
  { count, seed }: { count: number; seed: number },
): Promise<void> {
  const target = join(folder, animal.name);
  await mkdir(target, { recursive: true });
  const random = createRandom(seed + hashText(animal.drawing));
  const drawings = artwork(animal.drawing);
  for (let i = 0; i < count; i++) {
    const drawing = drawings[i % drawings.length];
    if (!drawing) continue;
    const { svg } = composeScene(drawing, random);
    const jpeg = await sharp(Buffer.from(svg)).flatten().jpeg({ quality: 88 }).toBuffer();
    const number = String(i + 1).padStart(3, '0');
    await writeFile(join(target, `${animal.name.toLowerCase().replaceAll(' ', '-')}-${number}.jpg`), jpeg);
  }
}

/** Small spread of seeds by name, so that no two animals share their scenes. */
function hashText(text: string): number {
  let hash = 0;
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return hash;
}
