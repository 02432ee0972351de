import { blackPixels, type Pixels } from './pixels.ts';

/** Weights are whole numbers that add up to this, so that every platform rounds alike. */
const ONE = 1 << 14;

/** For each target position: where its source pixels begin, how many there are, and their weights. */
interface Axis {
  readonly start: Int32Array;
  readonly count: Int32Array;
  /** `taps` weights a target position. */
  readonly weights: Int32Array;
  readonly taps: number;
}

/**
 * Resamples to exactly `width` × `height`: every target pixel is the average of the source area that it covers
 * (shrinking) or a linear blend of its neighbours (enlarging), per axis. Whole-number arithmetic throughout: the
 * same bytes in every runtime.
 * @throws PixelsError for a size that is not whole numbers above zero
 */
export function resize(source: Pixels, width: number, height: number): Pixels {
  if (source.width === width && source.height === height) return source;
  const out = blackPixels(width, height);
  const rows = axisOf(source.height, height);
  const columns = axisOf(source.width, width);
  // Two pixels more: a weight of zero may stand for a column beyond the edge.
  const line = new Int32Array((source.width + 2) * 3);
  for (let y = 0; y < height; y++) {
    // Black is what it is already; padding is a quarter of many a photo.
    if (mixRows(source, rows, y, line)) mixColumns(line, columns, width, out.data, y * width * 3);
  }
  return out;
}

/** Pictures of one camera, made into images of one size, ask for the same few again and again. */
const axes = new Map<string, Axis>();
const MOST_AXES = 16;

function axisOf(from: number, to: number): Axis {
  const key = `${from} ${to}`;
  const known = axes.get(key);
  if (known) return known;
  if (axes.size >= MOST_AXES) axes.clear();
  const made = axis(from, to);
  axes.set(key, made);
  return made;
}

function axis(from: number, to: number): Axis {
  const tap = from >= to ? areaTaps : linearTaps;
  const all = Array.from({ length: to }, (_, i) => tap(i, from, to));
  const taps = all.reduce((most, one) => Math.max(most, one.weights.length), 3);
  const start = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Int32Array(to * taps);
  all.forEach((one, i) => {
    start[i] = one.start;
    count[i] = one.weights.length;
    weights.set(one.weights, i * taps);
  });
  return { start, count, weights, taps };
}

/** Overlap of target cell `i` with each source cell, in units of 1/to of a source pixel: exact in integers. */
function areaTaps(i: number, from: number, to: number): { start: number; weights: number[] } {
  const low = i * from;
  const high = low + from;
  const start = Math.floor(low / to);
  const end = Math.min(from, Math.ceil(high / to));
  const overlaps: number[] = [];
  for (let s = start; s < end; s++) overlaps.push(Math.min(high, (s + 1) * to) - Math.max(low, s * to));
  return { start, weights: toFixed(overlaps, from) };
}

/** Linear blend around the target pixel's centre, in units of 1/(2·to): exact in integers. */
function linearTaps(i: number, from: number, to: number): { start: number; weights: number[] } {
  const centre = (2 * i + 1) * from - to;
  const clamped = Math.min(Math.max(centre, 0), (from - 1) * 2 * to);
  const start = Math.min(Math.floor(clamped / (2 * to)), Math.max(0, from - 2));
  const right = clamped - start * 2 * to;
  if (from === 1) return { start: 0, weights: [ONE] };
  return { start, weights: toFixed([2 * to - right, right], 2 * to) };
}

/**
 * Turns whole-number shares of `total` into weights that add up to exactly `ONE`. Rounding the running sum instead of
 * each share spreads the error, so that even thousands of shares below one unit stay an even average.
 */
function toFixed(shares: readonly number[], total: number): number[] {
  let sum = 0;
  let given = 0;
  return shares.map((share) => {
    sum += share;
    const weight = Math.round((sum * ONE) / total) - given;
    given += weight;
    return weight;
  });
}

/**
 * One target row from its source rows, 8 extra bits of precision kept (value × 256). Shrinking to what is wanted of a
 * reduced picture takes one to three source rows, so these are mixed in one go: it is three times as fast.
 * @returns false where all of it is black
 */
function mixRows(source: Pixels, rows: Axis, y: number, line: Int32Array): boolean {
  const { data, width } = source;
  const length = width * 3;
  const start = (rows.start[y] as number) * length;
  const count = rows.count[y] as number;
  const at = y * rows.taps;
  const weight = (k: number): number => (k < count ? (rows.weights[at + k] as number) : 0);
  if (count <= 2) return mixTwo(data, start, length, weight(0), weight(1), line);
  if (count === 3) return mixThree(data, start, length, [weight(0), weight(1), weight(2)], line);
  line.fill(HALF);
  for (let k = 0, row = start; k < count; k++, row += length) addRow(data, row, length, weight(k), line);
  let any = 0;
  for (let x = 0; x < length; x++) any |= line[x] = (line[x] as number) >> 6;
  return any !== 0;
}

/** Half of what is shifted away, for rounding. */
const HALF = 1 << 5;

function mixTwo(
  data: Uint8Array,
  start: number,
  length: number,
  a: number,
  b: number,
  line: Int32Array,
): boolean {
  // Without a second row its weight is zero: whatever stands there counts for nothing.
  const second = b === 0 ? start : start + length;
  let any = 0;
  for (let x = 0; x < length; x++) {
    const sum = Math.imul(a, data[start + x] as number) + Math.imul(b, data[second + x] as number);
    any |= line[x] = (sum + HALF) >> 6;
  }
  return any !== 0;
}

function mixThree(
  data: Uint8Array,
  start: number,
  length: number,
  [a, b, c]: readonly [number, number, number],
  line: Int32Array,
): boolean {
  const [second, third] = [start + length, start + 2 * length];
  let any = 0;
  for (let x = 0; x < length; x++) {
    const sum =
      Math.imul(a, data[start + x] as number) +
      Math.imul(b, data[second + x] as number) +
      Math.imul(c, data[third + x] as number);
    any |= line[x] = (sum + HALF) >> 6;
  }
  return any !== 0;
}

function addRow(data: Uint8Array, row: number, length: number, weight: number, line: Int32Array): void {
  for (let x = 0; x < length; x++) line[x] = (line[x] as number) + Math.imul(weight, data[row + x] as number);
}

function mixColumns(line: Int32Array, columns: Axis, width: number, out: Uint8Array, offset: number): void {
  const { start, weights, taps } = columns;
  if (taps === 3) {
    mixThreeColumns(line, columns, width, out, offset);
    return;
  }
  let to = offset;
  for (let x = 0; x < width; x++) {
    let from = (start[x] as number) * 3;
    let at = x * taps;
    const end = at + (columns.count[x] as number);
    let r = HALF_SUM;
    let g = HALF_SUM;
    let b = HALF_SUM;
    for (; at < end; at++, from += 3) {
      const weight = weights[at] as number;
      r += Math.imul(weight, line[from] as number);
      g += Math.imul(weight, line[from + 1] as number);
      b += Math.imul(weight, line[from + 2] as number);
    }
    out[to] = r >> 22;
    out[to + 1] = g >> 22;
    out[to + 2] = b >> 22;
    to += 3;
  }
}

/** Half a unit, for rounding. Sums need 30 bits: 255 · 2^8 · 2^14. */
const HALF_SUM = ONE << 7;

/** The same without a loop inside, for what shrinks a little: weights that are not there are zero. */
function mixThreeColumns(
  line: Int32Array,
  { start, weights }: Axis,
  width: number,
  out: Uint8Array,
  offset: number,
): void {
  for (let x = 0, at = 0, to = offset; x < width; x++, at += 3, to += 3) {
    const from = (start[x] as number) * 3;
    const a = weights[at] as number;
    const b = weights[at + 1] as number;
    const c = weights[at + 2] as number;
    out[to] = (HALF_SUM + sumOfThree(line, from, a, b, c)) >> 22;
    out[to + 1] = (HALF_SUM + sumOfThree(line, from + 1, a, b, c)) >> 22;
    out[to + 2] = (HALF_SUM + sumOfThree(line, from + 2, a, b, c)) >> 22;
  }
}

function sumOfThree(line: Int32Array, at: number, a: number, b: number, c: number): number {
  return (
    Math.imul(a, line[at] as number) +
    Math.imul(b, line[at + 3] as number) +
    Math.imul(c, line[at + 6] as number)
  );
}
