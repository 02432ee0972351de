import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';

/** A folder of small photos, each of one colour, which `tinyVersion` can name more or less surely. */
export async function drawColours(root: string, count: number): Promise<string> {
  for (let folder = 0; folder < count; folder += 100)
    await mkdir(join(root, folderOf(folder)), { recursive: true });
  for (let n = 0; n < count; n++) {
    const [r, g, b] = [0, 1, 2].map((i) => (n * (37 + 60 * i) + 90 * i) % 256) as [number, number, number];
    const picture = sharp({ create: { width: 12, height: 9, channels: 3, background: { r, g, b } } });
    await writeFile(
      join(root, folderOf(n), `photo-${String(n).padStart(4, '0')}.png`),
      await picture.png().toBuffer(),
    );
  }
  return root;
}

function folderOf(n: number): string {
  return `box-${Math.floor(n / 100)}`;
}
