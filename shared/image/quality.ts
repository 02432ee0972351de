import type { Quality } from '../schema/photo.ts';
import { letterboxRect } from './canonical.ts';
import { crop } from './edits.ts';
import type { Pixels } from './pixels.ts';

/** Brightness 0 … 255 up to which a pixel is nearly black, and from which it is nearly white. */
const DARK = 20;
const WHITE = 245;
/** Coarse edges are looked for over so many pixels. */
const COARSE = 4;
/** The picture is looked at in so many tiles a side. */
const TILES = 16;
/** Share of all detail that counts as most of it. */
const MOST = 0.8;

/** Brightness of every pixel, 0 … 255. */
interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Measures a canonical image's picture: the same numbers on every machine, since only whole numbers are added up and
 * one division and one root end each measure. What they mean: `QualitySchema`.
 * @param shape width and height (or their ratio) of what the canonical image was made from, edits applied: it tells
 *   where the padding is
 */
export function measureQuality(
  canonical: Pixels,
  shape: { readonly width: number; readonly height: number },
): Quality {
  const rect = letterboxRect(shape.width, shape.height, canonical.width);
  const grey = greyOf(crop(canonical, rect.left, rect.top, rect.width, rect.height));
  const { fine, coarse, tiles } = detailOf(grey);
  return {
    ...tonesOf(grey),
    backlight: rounded((meanOutside(grey, 1 / 8) - meanInside(grey, 1 / 4)) / 255),
    sharpness: sharpnessOf(fine, coarse),
    coverage: rounded(coverageOf(tiles)),
  };
}

function greyOf({ width, height, data }: Pixels): Grey {
  const grey = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    const [r, g, b] = [data[at] as number, data[at + 1] as number, data[at + 2] as number];
    grey[i] = (r * 299 + g * 587 + b * 114 + 500) / 1000;
  }
  return { width, height, data: grey };
}

function tonesOf({ data }: Grey): Pick<Quality, 'brightness' | 'contrast' | 'shadows' | 'highlights'> {
  let [sum, squares, dark, white] = [0, 0, 0, 0];
  for (const value of data) {
    sum += value;
    squares += value * value;
    if (value <= DARK) dark += 1;
    if (value >= WHITE) white += 1;
  }
  const n = data.length;
  const variance = Math.max(0, (squares * n - sum * sum) / (n * n));
  return {
    brightness: rounded(sum / n / 255),
    contrast: Math.min(0.5, rounded(Math.sqrt(variance) / 255)),
    shadows: rounded(dark / n),
    highlights: rounded(white / n),
  };
}

/** Mean brightness of the picture without a margin of this share on every side. */
function meanInside(grey: Grey, margin: number): number {
  const { sum, count } = sumInside(grey, margin);
  return sum / count;
}

/** Mean brightness of the margin; of all where the picture is too small to have one. */
function meanOutside(grey: Grey, margin: number): number {
  const all = sumInside(grey, 0);
  const inner = sumInside(grey, margin);
  const count = all.count - inner.count;
  return count === 0 ? all.sum / all.count : (all.sum - inner.sum) / count;
}

function sumInside({ width, height, data }: Grey, margin: number): { sum: number; count: number } {
  const [left, top] = [Math.floor(width * margin), Math.floor(height * margin)];
  let sum = 0;
  for (let y = top; y < height - top; y++) {
    for (let x = left; x < width - left; x++) sum += data[y * width + x] as number;
  }
  return { sum, count: (width - 2 * left) * (height - 2 * top) };
}

/** Energy of differences over one pixel and over several; that over one by tile. */
interface Detail {
  readonly fine: number;
  readonly coarse: number;
  readonly tiles: readonly number[];
}

function detailOf({ width, height, data }: Grey): Detail {
  const tiles = new Array<number>(TILES * TILES).fill(0);
  let [fine, coarse] = [0, 0];
  for (let y = 0; y < height - COARSE; y++) {
    const row = Math.floor((y * TILES) / height) * TILES;
    for (let x = 0; x < width - COARSE; x++) {
      const at = y * width + x;
      const here = data[at] as number;
      const right = (data[at + 1] as number) - here;
      const below = (data[at + width] as number) - here;
      const farRight = (data[at + COARSE] as number) - here;
      const farBelow = (data[at + COARSE * width] as number) - here;
      const energy = right * right + below * below;
      fine += energy;
      coarse += farRight * farRight + farBelow * farBelow;
      (tiles[row + Math.floor((x * TILES) / width)] as number) += energy;
    }
  }
  return { fine, coarse, tiles };
}

/**
 * A slope is `COARSE` times as strong over that many pixels as over one, grain is equally strong, and a crisp edge is
 * in between. So the quotient tells how crisp edges are, whatever there is to see; 1 where there are none at all.
 */
function sharpnessOf(fine: number, coarse: number): number {
  if (coarse === 0) return 1;
  const smooth = 1 / COARSE;
  const share = (Math.sqrt(fine / coarse) - smooth) / (1 - smooth);
  return rounded(Math.min(1, Math.max(0, share)));
}

/** How many of the tiles hold most of the detail; 1 where there is no detail. */
function coverageOf(tiles: readonly number[]): number {
  const wanted = tiles.reduce((sum, energy) => sum + energy, 0) * MOST;
  if (wanted === 0) return 1;
  let [held, used] = [0, 0];
  for (const energy of [...tiles].sort((a, b) => b - a)) {
    if (held >= wanted) break;
    held += energy;
    used += 1;
  }
  return used / tiles.length;
}

/** Four digits are more than anyone needs, and short in an export. */
function rounded(value: number): number {
  // Adding 0 turns −0, which JSON can't keep, into 0.
  return Math.round(value * 10_000) / 10_000 + 0;
}
