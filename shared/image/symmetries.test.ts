import { expect, test } from 'vitest';

import { createRandom } from '../dataset/random.ts';
import { turn } from './edits.ts';
import { hamming, perceptualHash } from './phash.ts';
import { resize } from './resample.ts';
import { symmetryHashes } from './symmetries.ts';

const { int } = createRandom(4);
const noise = { width: 9, height: 7, data: Uint8Array.from({ length: 9 * 7 * 3 }, () => 40 + int(200)) };
const picture = resize(noise, 192, 144);

test('turned copies are near one of the hashes, the picture itself is not (P2-33)', () => {
  const hashes = symmetryHashes(picture);
  expect(hashes).toHaveLength(7);
  const nearest = (hash: string): number => Math.min(...hashes.map((other) => hamming(hash, other)));
  for (const degrees of [90, 180, 270] as const)
    expect(nearest(perceptualHash(turn(picture, degrees)))).toBeLessThanOrEqual(4);
  expect(nearest(perceptualHash(picture))).toBeGreaterThan(10);
});

test('a mirrored copy has the hash of the mirrored picture', () => {
  const mirrored = { ...picture, data: new Uint8Array(picture.data.length) };
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++)
      for (let c = 0; c < 3; c++)
        mirrored.data[(y * picture.width + picture.width - 1 - x) * 3 + c] =
          picture.data[(y * picture.width + x) * 3 + c]!;
  expect(hamming(symmetryHashes(picture)[3]!, perceptualHash(mirrored))).toBeLessThanOrEqual(4);
});
