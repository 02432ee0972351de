/** Fetches published versions from the server that served the app, and believes nothing that no hash vouches for. */
import { parseJson } from '#shared/schema/json.ts';
import { catalogRecord, type Catalog, type FileEntry, type ModelCard } from '#shared/schema/model.ts';
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

/** A version as the catalog lists it. */
export type Listed = Catalog['versions'][number];

/**
 * The list of versions, straight from the server; null where none was ever published.
 * @throws Unreachable, RecordError, JsonError
 */
export async function fetchCatalog(signal: AbortSignal): Promise<Catalog | null> {
  const response = await request('/models/catalog.json', { cache: 'no-store', signal });
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
  published: Listed,
  progress: Progress,
  signal: AbortSignal,
): Promise<StoredVersion> {
  const { version } = published;
  const { card, bytes: cardBytes } = await fetchCard(published, signal);
  const needed = neededFiles(card);
  const total = needed.reduce((sum, file) => sum + file.bytes, 0);
  let loaded = 0;
  const files: StoredFile[] = [];
  for (const entry of needed) {
    const before = loaded;
    const bytes = await fetchEntry(version, entry, signal, (n) => {
      loaded = before + n;
      progress(loaded, total);
    });
    files.push({ path: entry.path, bytes });
  }
  return { version, cardSha256: published.card.sha256, card: cardBytes, files };
}

/**
 * One file of a version beside what guests need; null where its card does not list it.
 * @throws ModelRefused naming the file, Unreachable
 */
export async function fetchVersionFile(
  published: Listed,
  path: string,
  signal: AbortSignal,
): Promise<ArrayBuffer | null> {
  const { card } = await fetchCard(published, signal);
  const entry = card.files.find((file) => file.path === path);
  return entry ? fetchEntry(published.version, entry, signal) : null;
}

/** The card of a version, as the catalog vouches for it. @throws ModelRefused, Unreachable, RecordError, JsonError */
export async function fetchCard(
  { version, card: expected }: Listed,
  signal: AbortSignal,
): Promise<{ readonly card: ModelCard; readonly bytes: ArrayBuffer }> {
  const bytes = await fetchEntry(version, { ...expected, path: 'card.json' }, signal);
  return { card: await readCard(bytes, { version, sha256: expected.sha256 }), bytes };
}

/** A file of a version, as its card vouches for it. @throws ModelRefused, Unreachable */
export async function fetchEntry(
  version: number,
  entry: FileEntry,
  signal: AbortSignal,
  progress: (loaded: number) => void = () => undefined,
): Promise<ArrayBuffer> {
  const response = await request(addressOf(version, entry.path), { signal });
  if (!response.ok) {
    throw new ModelRefused(`${entry.path} is missing on the server (${String(response.status)}).`);
  }
  const bytes = await readBody(response, entry.bytes, entry.path, progress);
  await checkFile(bytes, entry);
  return bytes;
}

/** Where the server has a file of a version. */
export function addressOf(version: number, path: string): string {
  return `/models/${versionFolder(version)}/${path}`;
}

/** An answer, whatever it is. @throws Unreachable, the signal's reason */
export async function request(url: string, init: RequestInit): Promise<Response> {
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
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const part of partsOf(response, path)) {
    length += part.length;
    if (length > most) throw new ModelRefused(`${path} is longer than the ${String(most)} bytes published.`);
    parts.push(part);
    progress(length);
  }
  return new Blob(parts).arrayBuffer();
}

/**
 * The bytes of an answer as they come; whoever stops early ends the download.
 * @throws Unreachable where it is cut off or does not go on
 */
export async function* partsOf(response: Response, path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await unlessStalled(reader.read(), path);
      if (done) return;
      yield value;
    }
  } catch (cause) {
    if (cause instanceof TypeError) throw new Unreachable(`The download of ${path} was cut off.`, { cause });
    throw cause;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
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
