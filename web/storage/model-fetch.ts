/** Fetches published versions from the server that served the app, and believes nothing that no hash vouches for. */
import { parseJson } from '#shared/schema/json.ts';
import { catalogRecord, type Catalog } from '#shared/schema/model.ts';
import { versionFolder } from '#shared/schema/names.ts';
import type { StoredFile, StoredVersion } from './model-db.ts';
import { checkFile, ModelRefused, neededFiles, readCard } from './model-version.ts';

/** The server cannot be reached or has nothing: not a fault of a version. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Longest list of versions that is read, in bytes. */
const CATALOG_BYTES = 4 << 20;
/** A download is given up after this long without a byte. */
const STALL_MS = 20_000;

export type Progress = (loadedBytes: number, totalBytes: number) => void;

/**
 * The list of versions, straight from the server; null where none was ever published.
 * @throws Unreachable, RecordError, JsonError
 */
export async function fetchCatalog(signal: AbortSignal): Promise<Catalog | null> {
  const response = await get('/models/catalog.json', { cache: 'no-store', signal });
  if (response.status === 404) return null;
  if (!response.ok) throw new Unreachable(`The server answered ${String(response.status)}.`);
  const bytes = await readBody(response, CATALOG_BYTES, 'catalog.json', () => undefined);
  return catalogRecord.read(parseJson(new TextDecoder().decode(bytes), 'catalog.json'), 'catalog.json');
}

/**
 * Downloads what a guest needs of a version and checks every byte.
 * @throws ModelRefused naming the file, Unreachable
 */
export async function fetchVersion(
  published: Catalog['versions'][number],
  progress: Progress,
  signal: AbortSignal,
): Promise<StoredVersion> {
  const { version, card: expected } = published;
  const folder = `/models/${versionFolder(version)}`;
  const cardBytes = await fetchFile(
    `${folder}/card.json`,
    { ...expected, path: 'card.json' },
    () => undefined,
    signal,
  );
  const card = await readCard(cardBytes, { version, sha256: expected.sha256 });
  const needed = neededFiles(card);
  const total = needed.reduce((sum, file) => sum + file.bytes, 0);
  let loaded = 0;
  const files: StoredFile[] = [];
  for (const entry of needed) {
    const before = loaded;
    const bytes = await fetchFile(
      `${folder}/${entry.path}`,
      entry,
      (n) => {
        loaded = before + n;
        progress(loaded, total);
      },
      signal,
    );
    files.push({ path: entry.path, bytes });
  }
  return { version, cardSha256: expected.sha256, card: cardBytes, files };
}

/**
 * One file of a version beside what guests need; null where its card does not list it.
 * @throws ModelRefused naming the file, Unreachable
 */
export async function fetchVersionFile(
  { version, card: expected }: Catalog['versions'][number],
  path: string,
  signal: AbortSignal,
): Promise<ArrayBuffer | null> {
  const folder = `/models/${versionFolder(version)}`;
  const nothing = (): void => undefined;
  const cardFile = { ...expected, path: 'card.json' };
  const cardBytes = await fetchFile(`${folder}/card.json`, cardFile, nothing, signal);
  const card = await readCard(cardBytes, { version, sha256: expected.sha256 });
  const entry = card.files.find((file) => file.path === path);
  return entry ? fetchFile(`${folder}/${entry.path}`, entry, nothing, signal) : null;
}

async function fetchFile(
  url: string,
  entry: { readonly path: string; readonly bytes: number; readonly sha256: string },
  progress: (loaded: number) => void,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const response = await get(url, { signal });
  if (!response.ok) {
    throw new ModelRefused(`${entry.path} is missing on the server (${String(response.status)}).`);
  }
  const bytes = await readBody(response, entry.bytes, entry.path, progress);
  await checkFile(bytes, entry);
  return bytes;
}

async function get(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'error' });
  } catch (cause) {
    init.signal?.throwIfAborted();
    throw new Unreachable('The server cannot be reached.', { cause });
  }
}

/** Reads at most `most` bytes; a longer or stalled answer is cut off at once. */
async function readBody(
  response: Response,
  most: number,
  path: string,
  progress: (loaded: number) => void,
): Promise<ArrayBuffer> {
  const reader = response.body?.getReader();
  if (!reader) return new ArrayBuffer(0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await unlessStalled(reader.read(), path);
      if (done) break;
      length += value.length;
      if (length > most)
        throw new ModelRefused(`${path} is longer than the ${String(most)} bytes published.`);
      parts.push(value);
      progress(length);
    }
  } catch (cause) {
    await reader.cancel().catch(() => undefined);
    if (cause instanceof TypeError) throw new Unreachable(`The download of ${path} was cut off.`, { cause });
    throw cause;
  }
  return new Blob(parts).arrayBuffer();
}

async function unlessStalled<T>(read: Promise<T>, path: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Unreachable(`The download of ${path} does not go on.`));
    }, STALL_MS);
  });
  try {
    return await Promise.race([read, limit]);
  } finally {
    clearTimeout(timer);
  }
}
