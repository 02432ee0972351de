const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
const ALIGN = 64;

/** A float32 matrix file could not be read. */
export class NpyError extends Error {
  override readonly name = 'NpyError';
}

/**
 * Header of a numpy 1.0 file for a little-endian float32 matrix in C order; the values follow it.
 * @throws NpyError for sizes that are not whole numbers below 10^9
 * Source: numpy.lib.format, "Format Version 1.0".
 */
export function npyHeader(rows: number, columns: number): Uint8Array<ArrayBuffer> {
  for (const n of [rows, columns]) {
    if (!Number.isInteger(n) || n < 0 || n > 999_999_999) throw new NpyError(`${n} is no size of a matrix`);
  }
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const length = Math.ceil((MAGIC.length + 2 + text.length + 1) / ALIGN) * ALIGN;
  const header = new Uint8Array(length).fill(0x20);
  header.set(MAGIC);
  new DataView(header.buffer).setUint16(8, length - 10, true);
  for (let i = 0; i < text.length; i++) header[10 + i] = text.charCodeAt(i);
  header[length - 1] = 0x0a;
  return header;
}

/** The dictionary as NumPy writes it: keys in this order. */
const HEADER = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d{1,9}), (\d{1,9})\),? ?\} *\n?$/;

/** Where the values begin and how many there are. */
export interface NpyShape {
  readonly rows: number;
  readonly columns: number;
  /** Byte offset of the first value. */
  readonly offset: number;
}

/**
 * Reads the header of a float32 matrix.
 * @param bytes the file, or at least its first 64 KiB
 * @throws NpyError for anything but a version 1.0 little-endian float32 matrix in C order
 */
export function readNpyHeader(bytes: Uint8Array): NpyShape {
  if (bytes.length < 10 || MAGIC.some((value, i) => bytes[i] !== value))
    throw new NpyError('not a numpy file of version 1.0');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  if (10 + length > bytes.length) throw new NpyError('the numpy header ends too early');
  const text = String.fromCharCode(...bytes.subarray(10, 10 + Math.min(length, 1000)));
  const shape = HEADER.exec(text);
  if (!shape) throw new NpyError(`not a little-endian float32 matrix: ${text.trim().slice(0, 100)}`);
  return { rows: Number(shape[1]), columns: Number(shape[2]), offset: 10 + length };
}

/** A whole matrix file. @param values `rows * columns` numbers, row by row */
export function writeNpy(values: Float32Array, rows: number, columns: number): Uint8Array<ArrayBuffer> {
  if (values.length !== rows * columns)
    throw new NpyError(`${values.length} values do not make ${rows} × ${columns}`);
  const header = npyHeader(rows, columns);
  const file = new Uint8Array(header.length + values.length * 4);
  file.set(header);
  const view = new DataView(file.buffer, header.length);
  values.forEach((value, i) => {
    view.setFloat32(i * 4, value, true);
  });
  return file;
}

/** A whole matrix. @throws NpyError when values are missing or left over */
export function readNpy(file: Uint8Array): { values: Float32Array; rows: number; columns: number } {
  const { rows, columns, offset } = readNpyHeader(file);
  if (file.length !== offset + rows * columns * 4)
    throw new NpyError('the number of values does not fit the shape');
  const view = new DataView(file.buffer, file.byteOffset + offset);
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(i * 4, true);
  return { values, rows, columns };
}
