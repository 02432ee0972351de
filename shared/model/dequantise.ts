import type { WeightSpec } from './weights-manifest.ts';

/** Bytes that a weight takes in its file. */
export function storedBytes(spec: WeightSpec): number {
  const size = spec.quantization?.dtype === 'uint8' ? 1 : spec.quantization ? 2 : 4;
  return size * spec.shape.reduce((a, b) => a * b, 1);
}

/**
 * Stored little-endian bytes → float32.
 * @param bytes exactly `storedBytes(spec)` bytes at the start of a buffer of their own
 */
export function decode(spec: WeightSpec, bytes: Uint8Array<ArrayBuffer>): Float32Array {
  const { quantization } = spec;
  switch (quantization?.dtype) {
    case undefined:
      return new Float32Array(bytes.buffer);
    case 'float16':
      return Float32Array.from(new Uint16Array(bytes.buffer), halfToFloat);
    case 'uint8':
    case 'uint16': {
      const { scale, min } = quantization;
      const levels = quantization.dtype === 'uint8' ? bytes : new Uint16Array(bytes.buffer);
      const out = new Float32Array(levels.length);
      levels.forEach((level, i) => {
        out[i] = level * scale + min;
      });
      return out;
    }
  }
}

/** IEEE 754 half precision: 1 sign, 5 exponent, 10 fraction bits. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
