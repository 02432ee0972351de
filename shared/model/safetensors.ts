import * as v from 'valibot';

import { parseJson } from '../schema/json.ts';
import { halfToFloat } from './dequantise.ts';
import { WeightsError } from './weights-error.ts';
import { collectWeights, type NamedWeight } from './weights.ts';

/** Longer than that of any network; the format's own limit is 100 MB. */
const MAX_HEADER = 16 << 20;
const MAX_TENSORS = 20_000;

const Edge = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const TensorSchema = v.object({
  dtype: v.string(),
  shape: v.pipe(v.array(Edge), v.maxLength(8)),
  data_offsets: v.tuple([Edge, Edge]),
});
type Entry = v.InferOutput<typeof TensorSchema> & { readonly name: string };

/** Bytes of one number. */
const SIZES: ReadonlyMap<string, number> = new Map([
  ...['F64', 'I64', 'U64'].map((dtype) => [dtype, 8] as const),
  ...['F32', 'I32', 'U32'].map((dtype) => [dtype, 4] as const),
  ...['F16', 'BF16', 'I16', 'U16'].map((dtype) => [dtype, 2] as const),
  ...['I8', 'U8', 'BOOL', 'F8_E4M3', 'F8_E5M2'].map((dtype) => [dtype, 1] as const),
]);

/**
 * Reads a safetensors file: eight bytes with the length of a JSON header, the header, then the numbers.
 * Every byte of it must belong to exactly one tensor. Counters and masks (integers, booleans) are left out.
 * @throws WeightsError naming the file or the tensor
 */
export function readSafetensors(bytes: Uint8Array, file: string): ReadonlyMap<string, NamedWeight> {
  const { entries, start } = readHeader(bytes, file);
  // Not a Node buffer, whose `slice` would not copy.
  const body = new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  checkCoverage(entries, body.length, file);
  const floats = entries.filter((e) => !/^[IU]\d+$|^BOOL$/.test(e.dtype));
  return collectWeights(
    floats.map((e) => ({ name: e.name, shape: e.shape, data: decodeTensor(e, body) })),
    file,
  );
}

function readHeader(bytes: Uint8Array, file: string): { entries: Entry[]; start: number } {
  const refuse = (detail: string): never => {
    throw new WeightsError(file, `not a safetensors file: ${detail}`);
  };
  if (bytes.length < 8) refuse('shorter than its own header');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(Math.min(MAX_HEADER, bytes.length - 8)))
    refuse(`its header would be ${length} bytes long`);
  const start = 8 + Number(length);
  const header = parseJson(plainText(bytes.subarray(8, start)), file);
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    return refuse('its header is no object');
  const named = Object.entries(header).filter(([name]) => name !== '__metadata__');
  if (named.length > MAX_TENSORS) refuse(`${named.length} tensors`);
  return { entries: named.map(([name, value]) => readEntry(name, value, file)), start };
}

/** The names that we look for are plain ASCII; others only have to stay different from each other. */
function plainText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

function readEntry(name: string, value: unknown, file: string): Entry {
  const parsed = v.safeParse(TensorSchema, value);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new WeightsError(file, `"${name.slice(0, 200)}": ${v.getDotPath(issue) ?? ''} ${issue.message}`);
  }
  const { dtype, shape, data_offsets: offsets } = parsed.output;
  const size = SIZES.get(dtype);
  if (size === undefined) throw new WeightsError(name, `numbers of the unknown kind ${dtype.slice(0, 20)}`);
  const needed = shape.reduce((n, edge) => n * edge, size);
  if (offsets[1] - offsets[0] !== needed) {
    throw new WeightsError(
      name,
      `shape [${shape.join(', ')}] needs ${needed} bytes, but it has ${offsets[1] - offsets[0]}`,
    );
  }
  return { name, dtype, shape, data_offsets: offsets };
}

/** Neither gaps nor overlaps, nor anything outside of the file. */
function checkCoverage(entries: readonly Entry[], length: number, file: string): void {
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.data_offsets[0] - b.data_offsets[0])) {
    if (entry.data_offsets[0] !== end)
      throw new WeightsError(entry.name, `starts at byte ${entry.data_offsets[0]}, expected ${end}`);
    end = entry.data_offsets[1];
  }
  if (end !== length) throw new WeightsError(file, `${length} bytes of numbers, but its tensors need ${end}`);
}

function decodeTensor({ name, dtype, data_offsets: [from, to] }: Entry, body: Uint8Array): Float32Array {
  // A copy starts at a multiple of four, which the file's own bytes need not.
  const bytes = body.slice(from, to).buffer;
  switch (dtype) {
    case 'F32':
      return new Float32Array(bytes);
    case 'F16':
      return Float32Array.from(new Uint16Array(bytes), halfToFloat);
    case 'BF16': {
      // The upper half of a float32.
      const out = new Uint32Array(new Uint16Array(bytes)).map((half) => half << 16);
      return new Float32Array(out.buffer);
    }
    default:
      throw new WeightsError(name, `stored as ${dtype}, expected F32, F16 or BF16`);
  }
}
