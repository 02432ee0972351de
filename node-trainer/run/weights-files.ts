import { basename } from 'node:path';

import * as v from 'valibot';

import { readKeras } from '#shared/model/keras-h5.ts';
import { readSafetensors } from '#shared/model/safetensors.ts';
import { timmFacts } from '#shared/model/timm.ts';
import { WeightsError } from '#shared/model/weights-error.ts';
import { MAX_WEIGHTS_BYTES, type WeightsSource } from '#shared/model/weights.ts';
import { parseJson } from '#shared/schema/json.ts';
import { FilePath } from '#shared/schema/model.ts';

import { sha256 } from '../io/hash.ts';
import { isHdf5, readHdf5 } from '../io/hdf5.ts';

/** A file with weights and those beside it, wherever they are. */
export interface Place {
  /** Path or address of the file, for messages. */
  readonly where: string;
  /** Bytes of a file beside it, by a plain relative path; null when there is none. */
  readonly beside: (path: string) => Promise<Uint8Array | null>;
}

/** What was read, and its identity. */
export interface ReadWeights {
  readonly source: WeightsSource;
  /** SHA-256 over all its files. */
  readonly fingerprint: string;
}

/**
 * Reads weights in any of the known formats, which is told by the bytes, never by the name.
 * @throws WeightsError naming the file and what was expected
 */
export async function readWeightsFile(bytes: Uint8Array, place: Place): Promise<ReadWeights> {
  const { where } = place;
  if (isHdf5(bytes)) {
    const source = await readHdf5(bytes, where, (root) => readKeras(root, where));
    return { source, fingerprint: sha256(bytes) };
  }
  if (bytes[8] === OPEN_BRACE && bytes[0] !== OPEN_BRACE) return readTimm(bytes, place);
  if (looksLikeJson(bytes)) return readLayersFiles(bytes, place);
  throw new WeightsError(where, `${kindOf(bytes, where)}. ${FORMATS}`);
}

const OPEN_BRACE = 0x7b;
const FORMATS =
  "Weights are read from TensorFlow.js layers models (model.json), Keras's .h5 and .weights.h5, and .safetensors";

async function readTimm(bytes: Uint8Array, { where, beside }: Place): Promise<ReadWeights> {
  const weights = readSafetensors(bytes, where);
  const config = await beside('config.json');
  const parsed = config && parseJson(new TextDecoder().decode(config), `config.json beside ${where}`);
  const source = {
    file: where,
    naming: 'timm',
    weights,
    layers: [],
    timm: timmFacts(parsed, where),
  } as const;
  // What the config says decides what is built of the same numbers.
  return { source, fingerprint: sha256(Buffer.from(JSON.stringify([sha256(bytes), source.timm]))) };
}

const PathsSchema = v.object({
  weightsManifest: v.pipe(v.array(v.object({ paths: v.array(FilePath) })), v.maxLength(5000)),
});

/** All files at once: their identity must be known before any of them is used. */
async function readLayersFiles(bytes: Uint8Array, { where, beside }: Place): Promise<ReadWeights> {
  const modelJson = parseJson(new TextDecoder().decode(bytes), where);
  const manifest = v.safeParse(PathsSchema, modelJson);
  if (!manifest.success)
    throw new WeightsError(where, 'not a TensorFlow.js layers model: it lists no weight files');
  const files = new Map<string, Uint8Array>();
  let total = 0;
  for (const path of manifest.output.weightsManifest.flatMap((group) => group.paths)) {
    const file = await beside(path);
    if (!file) throw new WeightsError(path, `missing or not readable; the weights at ${where} need it`);
    total += file.length;
    if (total > MAX_WEIGHTS_BYTES) throw new WeightsError(where, 'the weights are larger than 1 GiB');
    files.set(path, file);
  }
  const loadFile = (path: string): Promise<Uint8Array> => {
    const file = files.get(path);
    return file ? Promise.resolve(file) : Promise.reject(new WeightsError(where, `it lists no file ${path}`));
  };
  const hashes = [...files].map(([path, file]) => [path, sha256(file)]);
  const fingerprint = sha256(Buffer.from(JSON.stringify([sha256(bytes), ...hashes])));
  return { source: { modelJson, loadFile }, fingerprint };
}

function looksLikeJson(bytes: Uint8Array): boolean {
  return bytes.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf) === OPEN_BRACE;
}

/** Well-known formats that are not read, each with what helps. */
function kindOf(bytes: Uint8Array, where: string): string {
  const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (zip && /\.keras$/.test(basename(where)))
    return 'is a .keras archive, a zip: unpack it and give the model.weights.h5 inside';
  if (zip || bytes[0] === 0x80)
    return "is PyTorch's own format, which can run code when it is read: take the same weights as .safetensors";
  return 'is of no known format';
}
