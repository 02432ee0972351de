import type { Dataset, Group } from 'h5wasm';

import type { Hdf5Group } from '#shared/model/keras-h5.ts';
import { WeightsError } from '#shared/model/weights-error.ts';
import { MAX_WEIGHTS_BYTES } from '#shared/model/weights.ts';

/**
 * Opens an HDF5 file for as long as `use` reads from it. The library sees the bytes only, in a file system of its own:
 * links and data outside of the file lead nowhere.
 * @param name of the file, for messages
 * @throws WeightsError when it can't be read, or holds more numbers than any network of the zoo
 */
export async function readHdf5<T>(bytes: Uint8Array, name: string, use: (root: Hdf5Group) => T): Promise<T> {
  if (!isHdf5(bytes)) throw new WeightsError(name, 'not an HDF5 file');
  // Four megabytes, which only those pay who read such a file.
  const { ready, File } = await import('h5wasm');
  const library = await ready;
  library.activate_throwing_error_handler();
  const { FS } = library;
  const path = '/weights.h5';
  FS.writeFile(path, bytes);
  try {
    const file = open(() => new File(path, 'r'), name);
    try {
      return use(groupOf(file, name, { bytes: 0 }));
    } finally {
      open(() => file.close(), name);
    }
  } finally {
    FS.unlink(path);
  }
}

/** Whether bytes begin as every HDF5 file does. */
export function isHdf5(bytes: Uint8Array): boolean {
  return [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}

/** How many bytes of numbers were read so far. */
interface Budget {
  bytes: number;
}

function groupOf(group: Group, file: string, budget: Budget): Hdf5Group {
  const at = (path: string): ReturnType<Group['get']> => open(() => group.get(path), file);
  return {
    names: () => open(() => group.keys(), file),
    text: (attribute) => open(() => textOf(group, attribute), file),
    group: (path) => {
      const found = at(path);
      return found && 'keys' in found ? groupOf(found, file, budget) : null;
    },
    numbers: (path) => {
      const found = at(path);
      return found && 'filters' in found ? numbersOf(found, file, budget) : null;
    },
  };
}

function textOf(group: Group, attribute: string): string[] | null {
  if (!Object.hasOwn(group.attrs, attribute)) return null;
  const value = group.get_attribute(attribute, true);
  const texts = Array.isArray(value) ? value : [value];
  return texts.every((text) => typeof text === 'string') ? texts : null;
}

/** Whole numbers, e.g. counters, are none of the weights. */
function numbersOf(
  dataset: Dataset,
  file: string,
  budget: Budget,
): { shape: readonly number[]; data: Float32Array } | null {
  const { type, size, littleEndian, shape, virtual_sources: sources } = open(() => dataset.metadata, file);
  const FLOAT = 1;
  if (type !== FLOAT || shape === null) return null;
  if (![4, 8].includes(size) || !littleEndian || (sources?.length ?? 0) > 0) {
    throw new WeightsError(dataset.path, 'stored in a way that is not read here, expected float32');
  }
  // Checked before reading: a few bytes may claim any shape.
  budget.bytes += shape.reduce((n, edge) => n * edge, 4);
  if (budget.bytes > MAX_WEIGHTS_BYTES) throw new WeightsError(file, 'the weights are larger than 1 GiB');
  const value = open(() => dataset.value, file);
  if (value instanceof Float32Array) return { shape, data: value };
  if (value instanceof Float64Array) return { shape, data: Float32Array.from(value) };
  throw new WeightsError(dataset.path, 'its numbers could not be read');
}

/** What the library throws has no type, and is a page about its own insides of which the first line says enough. */
function open<T>(read: () => T, file: string): T {
  try {
    return read();
  } catch (cause) {
    const page = cause instanceof Error ? cause.message : String(cause);
    const detail = /in \w+\(\): (.*)/.exec(page)?.[1] ?? page.slice(0, 100);
    throw new WeightsError(file, `a damaged or cut HDF5 file (${detail})`);
  }
}
