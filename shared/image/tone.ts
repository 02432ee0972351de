import type { Pixels } from './pixels.ts';

/** Changes of light and colour, each in thousandths. */
export interface Tone {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
}

/**
 * Changes brightness, contrast and strength of colours in place. The curves run through black and white, so black
 * padding stays black and nothing is clipped away.
 */
export function changeTone(pixels: Pixels, { brightness, contrast, saturation }: Tone): void {
  const { data } = pixels;
  if (brightness !== 0 || contrast !== 0) {
    const curve = toneCurve(brightness, contrast);
    for (let i = 0; i < data.length; i++) data[i] = curve[data[i] as number] as number;
  }
  if (saturation !== 0) changeSaturation(data, saturation);
}

/** Value of each of the 256 levels: parabola for brightness, then an S through the middle for contrast. */
function toneCurve(brightness: number, contrast: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, level) => {
    const x = level / 255;
    const lit = x + (brightness / 1000) * 4 * x * (1 - x);
    const bent = lit + (contrast / 1000) * (lit - 0.5) * 4 * lit * (1 - lit);
    return Math.round(255 * Math.min(1, Math.max(0, bent)));
  });
}

/** Moves each colour away from its grey, or towards it. */
function changeSaturation(data: Uint8Array, saturation: number): void {
  const factor = Math.round((saturation * 1024) / 1000);
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = [data[i] as number, data[i + 1] as number, data[i + 2] as number];
    // Luma (BT.601 weights × 256).
    const grey = (r * 77 + g * 150 + b * 29 + 128) >> 8;
    data[i] = clamp(r + (((r - grey) * factor + 512) >> 10));
    data[i + 1] = clamp(g + (((g - grey) * factor + 512) >> 10));
    data[i + 2] = clamp(b + (((b - grey) * factor + 512) >> 10));
  }
}

/**
 * Adds grain in place: to each colour of each pixel the sum of four random bytes, which is nearly normal. Wholly black
 * pixels are padding and stay black.
 * @param strength standard deviation in thousandths of white
 * @param seed 32 bits
 */
export function addNoise({ data }: Pixels, strength: number, seed: number): void {
  if (strength === 0) return;
  // Four bytes have a standard deviation of 147.8; in 1024ths of a level.
  const scale = Math.round((strength * 255 * 1024) / 147_800);
  let state = seed | 1;
  for (let i = 0; i < data.length; i += 3) {
    if (((data[i] as number) | (data[i + 1] as number) | (data[i + 2] as number)) === 0) continue;
    for (let c = i; c < i + 3; c++) {
      // xorshift32 (Marsaglia 2003).
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const sum = (state & 255) + ((state >> 8) & 255) + ((state >> 16) & 255) + (state >>> 24) - 510;
      data[c] = clamp((data[c] as number) + ((sum * scale + 512) >> 10));
    }
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
