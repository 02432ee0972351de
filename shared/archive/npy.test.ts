import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { NpyError, npyHeader, readNpy, readNpyHeader, writeNpy } from './npy.ts';

fc.configureGlobal({ seed: 20_260_102 });

/** `numpy.save` of `[[0.5, -1.25, 3], [1e-7, 0, -0.0]]` as float32 (NumPy 2.4). */
const BY_NUMPY =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAA/AACgvwAAQECVv9YzAAAAAAAAAIA=';
const VALUES = Float32Array.of(0.5, -1.25, 3, 1e-7, 0, -0);

describe('.npy files', () => {
  test('are byte for byte what NumPy writes', () => {
    expect(Buffer.from(writeNpy(VALUES, 2, 3)).toString('base64')).toBe(BY_NUMPY);
  });

  test("NumPy's files are read, also from the middle of a buffer", () => {
    const padded = Buffer.concat([Buffer.alloc(3), Buffer.from(BY_NUMPY, 'base64')]).subarray(3);
    expect(readNpy(padded)).toEqual({ values: VALUES, rows: 2, columns: 3 });
  });

  test('any matrix survives the way there and back; the values begin on a multiple of 64', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), fc.integer(), (rows, columns, seed) => {
        const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.fround(seed / (i + 1)));
        expect(readNpy(writeNpy(values, rows, columns))).toEqual({ values, rows, columns });
        expect(npyHeader(rows, columns).length % 64).toBe(0);
      }),
    );
  });

  test('the header alone says the shape', () => {
    expect(readNpyHeader(npyHeader(100_000, 120))).toMatchObject({ rows: 100_000, columns: 120 });
  });

  test.each([
    ['another file', new Uint8Array(200)],
    ['nothing', new Uint8Array(0)],
    ['a cut header', npyHeader(2, 3).subarray(0, 60)],
    ['a missing value', writeNpy(VALUES, 2, 3).subarray(0, -4)],
    ['a value too many', Uint8Array.of(...writeNpy(VALUES, 2, 3), 0, 0, 0, 0)],
    ['doubles', changed("'<f4'", "'<f8'")],
    ['big-endian', changed("'<f4'", "'>f4'")],
    ['Fortran order', changed('False', 'True ')],
    ['a vector', changed('(2, 3)', '(6,)  ')],
  ])('%s is refused', (_, bytes) => {
    expect(() => readNpy(bytes)).toThrow(NpyError);
  });

  test('sizes that are none are refused', () => {
    expect(() => writeNpy(VALUES, 2, 2)).toThrow(NpyError);
    expect(() => npyHeader(-1, 2)).toThrow(NpyError);
    expect(() => npyHeader(1.5, 2)).toThrow(NpyError);
  });
});

function changed(from: string, to: string): Uint8Array {
  const text = Buffer.from(BY_NUMPY, 'base64').toString('latin1');
  return new Uint8Array(Buffer.from(text.replace(from, to), 'latin1'));
}
