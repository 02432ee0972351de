import type { Pixels } from '../image/pixels.ts';
import type { NamedWeight } from '../model/weights.ts';

/** Images in a fixture of `shared/model/fixtures`. */
export const IMAGES = 2;

/**
 * Numbers that follow from their name alone, the same ones as in `shared/model/fixtures/make_fixtures.py`:
 * FNV-1a of the name, then an integer hash (lowbias32) of that and the index. In [0, 1).
 */
function uniform(name: string): (index: number) => number {
  let start = 2166136261;
  for (let i = 0; i < name.length; i += 1) start = Math.imul(start ^ name.charCodeAt(i), 16777619);
  return (index) => {
    let x = (Math.imul(index, 0x9e3779b9) + start) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** The numbers of a weight of that name and shape. */
export function formulaWeight(name: string, shape: readonly number[], gain: number): NamedWeight {
  const u = uniform(name);
  const value = valueOf(name, shape, gain);
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let i = 0; i < data.length; i += 1) data[i] = value(u(i));
  return { name, shape, data };
}

function valueOf(name: string, shape: readonly number[], gain: number): (u: number) => number {
  const part = name.split(/[/.]/).at(-1);
  if (part === 'moving_variance' || part === 'running_var') return (u) => 0.5 + u;
  if (part === 'gamma' || (part === 'weight' && shape.length === 1)) return (u) => 0.6 + 0.8 * u;
  if (shape.length === 1) return (u) => 0.2 * u - 0.1;
  const size = shape.reduce((a, b) => a * b, 1);
  const [first = 1, second = 1] = shape;
  const outputs = part === 'weight' ? first : (shape.at(-1) ?? 1);
  const fanIn = part === 'depthwise_kernel' ? first * second : size / outputs;
  const limit = gain * Math.sqrt(3 / fanIn);
  return (u) => (2 * u - 1) * limit;
}

/** Images of coarse blocks with noise on them. */
export function formulaImages(size: number): Pixels[] {
  return Array.from({ length: IMAGES }, (_, image) => {
    const [block, noise] = [uniform(`blocks ${image}`), uniform(`noise ${image}`)];
    const data = new Uint8Array(size * size * 3);
    for (let i = 0; i < data.length; i += 1) {
      const [pixel, c] = [Math.floor(i / 3), i % 3];
      const [y, x] = [Math.floor(pixel / size), pixel % size];
      data[i] = Math.floor(256 * (0.8 * block(((y >> 4) * 1000 + (x >> 4)) * 3 + c) + 0.2 * noise(i)));
    }
    return { width: size, height: size, data };
  });
}
