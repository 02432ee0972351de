import sharp from 'sharp';
import { expect, test } from 'vitest';

import { isWholePng } from './png-whole.ts';

async function png(edge: number): Promise<Uint8Array> {
  const noise = { type: 'gaussian', mean: 120, sigma: 40 } as const;
  const image = sharp({ create: { width: edge, height: edge, channels: 3, background: '#000', noise } });
  return new Uint8Array(await image.png().toBuffer());
}

test('a PNG as it was written is whole, at its own size only', async () => {
  const bytes = await png(32);
  expect(isWholePng(bytes, 32)).toBe(true);
  expect(isWholePng(bytes, 64)).toBe(false);
});

test('not one bit of it may change, and not one byte be missing or too many', async () => {
  const bytes = await png(16);
  for (let at = 0; at < bytes.length; at++) {
    const rotten = bytes.slice();
    rotten[at] = (rotten[at] as number) ^ (1 << (at & 7));
    expect(isWholePng(rotten, 16), `byte ${at}`).toBe(false);
    expect(isWholePng(bytes.subarray(0, at), 16), `cut at ${at}`).toBe(false);
  }
  expect(isWholePng(new Uint8Array([...bytes, 0]), 16)).toBe(false);
  expect(isWholePng(new Uint8Array(bytes.length), 16)).toBe(false);
});
