import { blackPixels, type Pixels } from './pixels.ts';

/** Positions in the source are whole numbers of this many parts of a pixel. */
const PART = 1 << 16;

/** Where each pixel of the target looks. */
export interface View {
  /** Turn of the picture clockwise, in hundredths of a degree (−9000 … 9000). */
  readonly turn: number;
  /** Size of the picture in thousandths of its own. */
  readonly zoom: number;
  /** Middle of what is seen, in thousandths of the source's edge, right and down of its middle. */
  readonly right: number;
  readonly down: number;
}

/**
 * Turns, zooms and shifts a square picture and brings it to `size` × `size` in one pass; what lies outside is black.
 * Each target pixel is the mean of points spread evenly over the area that it covers, about one for each source pixel,
 * each blended from its four neighbours. The points are placed in whole parts of a pixel and sine and cosine are made
 * of multiplications and additions, which every runtime rounds alike: the same bytes everywhere.
 * @param source a square, edge up to 1024
 */
export function warp(source: Pixels, size: number, view: View): Pixels {
  const out = blackPixels(size, size);
  const step = (source.width * 1000) / (size * view.zoom);
  const points = Math.max(1, Math.round(step));
  const [sine, cosine] = turnOf(view.turn);
  // One point further right in the target is (across, −along) further in the source, one further down (along, across).
  const [across, along] = [(cosine * step) / points, (sine * step) / points];
  const [dx, dy] = [Math.round(across * PART), Math.round(-along * PART)];
  const middle = (points * size - 1) / 2;
  // A pixel's value sits in its middle, half a pixel from its corner.
  const centreX = (0.5 + view.right / 1000) * source.width - 0.5;
  const centreY = (0.5 + view.down / 1000) * source.width - 0.5;
  const sums = new Int32Array(size * 3);
  for (let y = 0; y < size; y++) {
    sums.fill(0);
    for (let k = 0; k < points; k++) {
      const below = y * points + k - middle;
      const x0 = Math.round((centreX - middle * across + below * along) * PART);
      const y0 = Math.round((centreY + middle * along + below * across) * PART);
      addLine(source, sums, points, { x0, y0, dx, dy });
    }
    writeMeans(sums, out.data, y * size * 3, points * points);
  }
  return out;
}

/** A line of points in the source, in parts of a pixel. */
interface Line {
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
}

/** Adds one line of points to the sums of the target pixels, `points` to each. */
function addLine(source: Pixels, sums: Int32Array, points: number, { x0, y0, dx, dy }: Line): void {
  const { data, width } = source;
  const last = (width - 1) * PART;
  const stride = width * 3;
  let x = x0;
  let y = y0;
  for (let at = 0; at < sums.length; at += 3) {
    // Plain variables: this is the innermost work of training's data pipeline.
    let r = 0;
    let g = 0;
    let b = 0;
    for (let k = 0; k < points; k++, x += dx, y += dy) {
      if (x >= 0 && y >= 0 && x < last && y < last) {
        const fx = (x >> 8) & 255;
        const fy = (y >> 8) & 255;
        const from = (y >> 16) * stride + (x >> 16) * 3;
        r += blend(data, from, stride, fx, fy);
        g += blend(data, from + 1, stride, fx, fy);
        b += blend(data, from + 2, stride, fx, fy);
      } else if (x > -PART && y > -PART && x < last + PART && y < last + PART) {
        r += atEdge(source, x, y, 0);
        g += atEdge(source, x, y, 1);
        b += atEdge(source, x, y, 2);
      }
    }
    sums[at] = (sums[at] as number) + r;
    sums[at + 1] = (sums[at + 1] as number) + g;
    sums[at + 2] = (sums[at + 2] as number) + b;
  }
}

/** Blend of a value, its right neighbour and the two below, by 256ths of the way to each: value × 64. */
function blend(data: Uint8Array, from: number, stride: number, fx: number, fy: number): number {
  const left = data[from] as number;
  const belowLeft = data[from + stride] as number;
  const above = (left << 8) + ((data[from + 3] as number) - left) * fx;
  const below = (belowLeft << 8) + ((data[from + stride + 3] as number) - belowLeft) * fx;
  return ((above << 8) + (below - above) * fy) >> 10;
}

/** The same where some of the four neighbours lie outside and are black. */
function atEdge({ data, width }: Pixels, x: number, y: number, channel: number): number {
  const [left, top] = [x >> 16, y >> 16];
  const [fx, fy] = [(x >> 8) & 255, (y >> 8) & 255];
  const value = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= width || row >= width
      ? 0
      : (data[(row * width + column) * 3 + channel] as number);
  const above = value(left, top) * (256 - fx) + value(left + 1, top) * fx;
  const below = value(left, top + 1) * (256 - fx) + value(left + 1, top + 1) * fx;
  return (above * (256 - fy) + below * fy) >> 10;
}

function writeMeans(sums: Int32Array, out: Uint8Array, offset: number, points: number): void {
  const whole = points * 64;
  for (let i = 0; i < sums.length; i++) {
    out[offset + i] = ((sums[i] as number) + (whole >> 1)) / whole;
  }
}

/** Sine and cosine of hundredths of a degree, by their series: exact to 10⁻⁹ up to a right angle. */
function turnOf(hundredths: number): readonly [sine: number, cosine: number] {
  const x = (hundredths / 18_000) * 3.141592653589793;
  let [sine, cosine, term] = [0, 0, 1];
  for (let n = 0; n < 20; n += 2) {
    cosine += term;
    term = (term * x) / (n + 1);
    sine += term;
    term = (term * -x) / (n + 2);
  }
  return [sine, cosine];
}
