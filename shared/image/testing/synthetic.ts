import { makePixels, type Pixels } from '../pixels.ts';

/** Bytes from a small seeded generator (Numerical Recipes' LCG, top byte): the same everywhere. */
export function noiseBytes(count: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(count);
  let state = seed | 0;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** A picture of noise: every pixel matters. */
export function noise(width: number, height: number, seed = 1): Pixels {
  return makePixels(width, height, noiseBytes(width * height * 3, seed));
}

/** A picture like a photo: soft blobs of different brightness, in whole numbers, the same at every size. */
export function scene(width: number, height: number, seed = 1): Pixels {
  const random = noiseBytes(60, seed);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const [u, v] = [Math.floor((x * 256) / width), Math.floor((y * 256) / height)];
      let light = 40;
      for (let blob = 0; blob < 20; blob++) {
        const [dx, dy] = [u - (random[blob * 3] ?? 0), v - (random[blob * 3 + 1] ?? 0)];
        const near = 2000 - dx * dx - dy * dy;
        if (near > 0) light += Math.floor((near * (random[blob * 3 + 2] ?? 0)) / 4000);
      }
      data[to] = Math.min(255, light);
      data[to + 1] = Math.min(255, light + (u >> 2));
      data[to + 2] = Math.min(255, light + (v >> 3));
    }
  }
  return makePixels(width, height, data);
}

/** A picture of one colour. */
export function plain(width: number, height: number, red: number, green = red, blue = red): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set([red, green, blue], i);
  return makePixels(width, height, data);
}
