import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { formulaWeight } from '../testing/formula.ts';
import { readSafetensors } from './safetensors.ts';

interface Tensor {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** A file with this header, true or not, and zeros behind it. */
function file(header: unknown, bodyBytes: number, length?: bigint): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(length ?? BigInt(json.length));
  return Buffer.concat([head, json, Buffer.alloc(bodyBytes)]);
}

const f32 = (from: number, to: number): Tensor => ({
  dtype: 'F32',
  shape: [(to - from) / 4],
  data_offsets: [from, to],
});

describe('a safetensors file', () => {
  const sample = readFileSync(join(import.meta.dirname, 'fixtures/sample.safetensors'));

  test('as the Python library writes it: F32, F16 and BF16 come out as float32, counters are left out', () => {
    const weights = readSafetensors(sample, 'sample.safetensors');
    expect([...weights.keys()].sort()).toEqual(['brain.weight', 'conv.weight', 'half.weight']);
    const { data } = formulaWeight('conv.weight', [2, 3, 1, 1], 1);
    expect(weights.get('conv.weight')).toEqual({ name: 'conv.weight', shape: [2, 3, 1, 1], data });
    data.forEach((x, i) => {
      expect(weights.get('half.weight')?.data[i]).toBeCloseTo(x, 3);
      expect(weights.get('brain.weight')?.data[i]).toBeCloseTo(x, 2);
    });
  });

  test('is read from any place in a larger buffer', () => {
    const shifted = Buffer.concat([Buffer.from([1]), sample]).subarray(1);
    expect(readSafetensors(shifted, 'x')).toEqual(readSafetensors(sample, 'x'));
  });

  test('with nothing in it has no weights', () => {
    expect(readSafetensors(file({ __metadata__: { format: 'pt' } }, 0), 'x').size).toBe(0);
  });
});

describe('a header from outside is not trusted', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['too short', new Uint8Array(4), /x: not a safetensors file: shorter/],
    ['a header longer than the file', file({}, 0, 100n), /header would be 100 bytes/],
    ['a header of 2^63 bytes', file({}, 0, 1n << 63n), /header would be 9223372036854775808 bytes/],
    ['broken JSON', file('{"a":', 0), /broken JSON/],
    ['a list', file([], 0), /its header is no object/],
    ['a key that reaches a prototype', file('{"__proto__": {}}', 0), /not allowed/],
    ['no offsets', file({ a: { dtype: 'F32', shape: [1] } }, 4), /"a": data_offsets/],
    ['a negative edge', file({ a: { ...f32(0, 4), shape: [-1] } }, 4), /"a": shape/],
    ['an unknown kind', file({ a: { ...f32(0, 4), dtype: 'Q4' } }, 4), /a: numbers of the unknown kind Q4/],
    ['float64', file({ a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } }, 8), /a: stored as F64/],
    [
      'a shape larger than its bytes',
      file({ a: { ...f32(0, 4), shape: [1e9, 1e9] } }, 4),
      /a: shape .* needs/,
    ],
    ['a beginning after the end', file({ a: f32(8, 4) }, 8), /"a"|needs/],
    ['an overlap', file({ a: f32(0, 8), b: f32(4, 12) }, 12), /b: starts at byte 4, expected 8/],
    ['a gap', file({ a: f32(0, 4), b: f32(8, 12) }, 12), /b: starts at byte 8, expected 4/],
    ['numbers outside of the file', file({ a: f32(0, 400) }, 4), /x: 4 bytes of numbers, but .* need 400/],
    ['bytes that belong to no tensor', file({ a: f32(0, 4) }, 8), /x: 8 bytes of numbers, but .* need 4/],
  ])('%s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes, 'x')).toThrow(message);
  });

  test('whatever the bytes are, the answer is weights or an error with a name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.json(), (bytes, json) => {
        for (const input of [bytes, Buffer.concat([file(json, 0), bytes])]) {
          try {
            readSafetensors(input, 'x');
          } catch (error) {
            expect((error as Error).name).toMatch(/^(WeightsError|JsonError)$/);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
