/** The bytes of a score matrix in order, from the server or from a file: never more than some megabytes at a time. */
import type { FileEntry } from '#shared/schema/model.ts';
import { addressOf, partsOf, request, Unreachable } from './model-fetch.ts';
import { ModelRefused } from './model-version.ts';

/** Asked for at a time, in bytes. */
const SLICE = 8 << 20;
/** A slice that was cut off is asked for again, from where it was cut. */
const TRIES = 3;

/** A file that a person picked. @throws DOMException where it changed or can't be read any more */
export async function* fileParts(file: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < file.size; at += SLICE)
    yield new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer());
}

/**
 * A file of a published version, in ranges; a server that knows no ranges is read as one stream. What comes is not
 * checked against the hash: that is for whoever reads it to the end.
 * @throws ModelRefused where the file is not as large as its card says, or changes meanwhile; Unreachable
 */
export async function* publishedParts(
  version: number,
  entry: FileEntry,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let reading: Reading = { at: 0, tag: null, inRanges: false };
  let failures = 0;
  while (reading.at < entry.bytes) {
    const from = reading.at;
    try {
      const response = await ask(version, entry, reading, signal);
      const [tag, inRanges] = [response.headers.get('ETag'), response.status === 206];
      for await (const part of partsOf(response, entry.path)) {
        reading = { at: reading.at + part.length, tag, inRanges };
        if (reading.at > entry.bytes) throw tooLong(entry);
        yield part;
      }
      if (!inRanges && reading.at < entry.bytes) throw tooShort(entry, reading.at);
      if (reading.at === from) throw new Unreachable(`The download of ${entry.path} was cut off.`);
      failures = 0;
    } catch (cause) {
      failures = reading.at > from ? 1 : failures + 1;
      const mayGoOn = failures < TRIES && (reading.inRanges || reading.at === 0);
      if (!(cause instanceof Unreachable) || !mayGoOn) throw cause;
    }
  }
}

interface Reading {
  /** The next byte. */
  readonly at: number;
  /** The state of the file that the bytes so far are of. */
  readonly tag: string | null;
  /** Only ranges can go on in the middle. */
  readonly inRanges: boolean;
}

/** The next range, or the whole file from a server without ranges. */
async function ask(
  version: number,
  entry: FileEntry,
  { at, tag }: Reading,
  signal: AbortSignal,
): Promise<Response> {
  const end = Math.min(at + SLICE, entry.bytes) - 1;
  const headers = new Headers({ Range: `bytes=${String(at)}-${String(end)}` });
  if (tag !== null) headers.set('If-Range', tag);
  // Hundreds of megabytes would push everything else out of the browser's cache.
  const response = await request(addressOf(version, entry.path), { headers, signal, cache: 'no-store' });
  if (response.status === 200 && at === 0) return response;
  if (response.status === 200) throw new ModelRefused(`${entry.path} changed while it was being read.`);
  if (response.status === 416) throw tooShort(entry, at);
  if (response.status === 404) throw new ModelRefused(`${entry.path} is missing on the server (404).`);
  if (response.status !== 206) throw new Unreachable(`The server answered ${String(response.status)}.`);
  const told = response.headers.get('Content-Range') ?? '';
  if (told === `bytes ${String(at)}-${String(end)}/${String(entry.bytes)}`) return response;
  throw new ModelRefused(
    `${entry.path} is not the file that was published: ${String(entry.bytes)} bytes were, and the server speaks of "${told.slice(0, 100)}".`,
  );
}

function tooLong({ path, bytes }: FileEntry): ModelRefused {
  return new ModelRefused(`${path} is longer than the ${String(bytes)} bytes published.`);
}

function tooShort({ path, bytes }: FileEntry, found: number): ModelRefused {
  return new ModelRefused(`${path} has ${String(found)} bytes, but ${String(bytes)} were published.`);
}
