import type { Area, Cover } from './grid.ts';

/** A cover fades out over this much of the square, half of it inside the part and half around it. */
const FADE = 1 / 7;

/**
 * Inputs of a network with parts covered, each in the mean colour of the picture around it, fading out. Black would be the
 * padding's own sign for "here is nothing"; one colour for all parts, or sharp edges, draw squares where there were none,
 * and the network answers to those: docs/decisions.md has the figures.
 * @param input [size, size, 3] of the picture as it is
 * @param picture where it is not black padding
 * @returns [covers, size, size, 3]
 */
export function coverInput(
  input: Float32Array,
  size: number,
  picture: Area,
  covers: readonly Cover[],
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(covers.length * input.length);
  covers.forEach((cover, i) => {
    const image = out.subarray(i * input.length, (i + 1) * input.length);
    image.set(input);
    for (const area of cover) paint(image, input, size, sidesOf(area, picture, size));
  });
  return out;
}

/** A cover along one axis, in pixels. */
interface Side {
  /** The covered part, in whole pixels; `end` is the first one outside. */
  readonly begin: number;
  readonly end: number;
  /** What lies around it, as far as the picture goes. */
  readonly near: number;
  readonly far: number;
  /** As far as it fades. */
  readonly from: number;
  readonly to: number;
  /** How much of the pixel `from + i` is covered, 0 … 1. */
  readonly weights: Float32Array;
}

interface Sides {
  readonly x: Side;
  readonly y: Side;
}

function sidesOf(area: Area, picture: Area, size: number): Sides {
  return {
    x: sideOf([area.left, area.width], [picture.left, picture.width], size),
    y: sideOf([area.top, area.height], [picture.top, picture.height], size),
  };
}

type Stretch = readonly [start: number, length: number];

function sideOf(part: Stretch, picture: Stretch, size: number): Side {
  const pixels = ([start, length]: Stretch): readonly [number, number] => [
    Math.round(start * size),
    Math.round((start + length) * size),
  ];
  const [[begin, end], [first, last]] = [pixels(part), pixels(picture)];
  const half = Math.round((FADE * size) / 2);
  const [near, far] = [Math.max(first, begin - half), Math.min(last, end + half)];
  // What ends where the picture ends, ends sharply: a window at its edge, or the bar beside it.
  const [soft, softEnd] = [begin > first && begin < last, end > first && end < last];
  const [from, to] = [soft ? near : begin, softEnd ? far : end];
  const ramp = (inside: number): number => Math.min(1, Math.max(0, (inside + half) / (2 * half)));
  const weights = Float32Array.from({ length: to - from }, (_, i) => {
    const at = from + i + 0.5;
    return (soft ? ramp(at - begin) : 1) * (softEnd ? ramp(end - at) : 1);
  });
  return { begin, end, near, far, from, to, weights };
}

function paint(image: Float32Array, input: Float32Array, size: number, sides: Sides): void {
  const { x, y } = sides;
  const colour = colourAround(input, size, sides);
  for (let row = y.from; row < y.to; row++) {
    const down = y.weights[row - y.from] as number;
    for (let column = x.from; column < x.to; column++) {
      const weight = down * (x.weights[column - x.from] as number);
      const at = (row * size + column) * 3;
      for (let c = 0; c < 3; c++) {
        const own = image[at + c] as number;
        image[at + c] = own + weight * ((colour[c] as number) - own);
      }
    }
  }
}

/** Mean of the picture around the part. */
function colourAround(input: Float32Array, size: number, { x, y }: Sides): readonly number[] {
  const sum = [0, 0, 0];
  let count = 0;
  for (let row = y.near; row < y.far; row++) {
    for (let column = x.near; column < x.far; column++) {
      if (row >= y.begin && row < y.end && column >= x.begin && column < x.end) continue;
      const at = (row * size + column) * 3;
      for (let c = 0; c < 3; c++) sum[c] = (sum[c] as number) + (input[at + c] as number);
      count += 1;
    }
  }
  return sum.map((value) => value / Math.max(1, count));
}
