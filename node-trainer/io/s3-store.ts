import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';

import { again } from './again.ts';
import { readS3Page } from './s3-list.ts';
import { s3Place } from './s3-place.ts';
import { type Ask, s3Requests } from './s3-requests.ts';
import type { FileStore, StoredFile } from './store.ts';
import { checkKey, FileStoreError } from './store-key.ts';

/** What one PUT may carry. */
const MOST_BYTES = 5 * 2 ** 30;
/** A page lists a thousand files at most. */
const MOST_PAGE = 2 ** 23;

/** A prefix of a bucket as a store of files. S3 shows a file only after its last byte has come, so a PUT is atomic. */
export function s3Store(given: string, environment: NodeJS.ProcessEnv): FileStore {
  const place = s3Place(given, environment);
  const ask = s3Requests(place);
  const address = (key: string): string => `/${encode(place.prefix + checkKey(key))}`;
  const missing = (key: string): FileStoreError =>
    new FileStoreError('missing', `There is no ${key} in ${given}.`);
  return {
    place: given,
    put: async (key, path) => {
      const { size } = await stat(path);
      if (size > MOST_BYTES)
        throw new FileStoreError(
          'too-large',
          `${key} has ${size} bytes; S3 takes 5 GiB at once. Use more shards.`,
        );
      await ask('PUT', address(key), { body: () => openAsBlob(path) });
    },
    get: async (key) => {
      const answer = await ask('GET', address(key), { absent: true });
      if (!answer) throw missing(key);
      return piecesOf(answer, `${key} in ${given}`);
    },
    has: async (key) => (await ask('HEAD', address(key), { absent: true })) !== null,
    list: (prefix = '') => listPlace(ask, { place: given, root: place.prefix, prefix }),
  };
}

async function* listPlace(
  ask: Ask,
  { place, root, prefix }: { place: string; root: string; prefix: string },
): AsyncGenerator<StoredFile> {
  let next: string | null = null;
  do {
    const query = new URLSearchParams({ 'list-type': '2', prefix: root + prefix });
    if (next !== null) query.set('continuation-token', next);
    const path = `?${query.toString().replaceAll('+', '%20')}`;
    const page = readS3Page(await again(async () => textOf(await ask('GET', path, {}), place)), place);
    for (const { name, bytes, tag } of page.files) {
      // Consoles store an empty file for a "folder".
      if (!name.endsWith('/')) yield { key: checkKey(name.slice(root.length)), bytes, tag };
    }
    next = page.next;
  } while (next !== null);
}

async function textOf(answer: Response | null, place: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  if (answer)
    for await (const piece of piecesOf(answer, place)) {
      bytes += piece.length;
      if (bytes > MOST_PAGE) throw new FileStoreError('too-large', `${place} answered with an endless list.`);
      pieces.push(piece);
    }
  return Buffer.concat(pieces).toString('utf8');
}

/** The body of an answer; one that ends too early is an error, not a short file. */
async function* piecesOf(answer: Response, what: string): AsyncGenerator<Uint8Array> {
  const length = answer.headers.get('content-length');
  let bytes = 0;
  try {
    for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += piece.length;
      yield piece;
    }
  } catch (error) {
    throw new FileStoreError(
      'cut',
      `${what}: the connection was cut after ${bytes} bytes (${String(error)}).`,
    );
  }
  if (length !== null && Number(length) !== bytes)
    throw new FileStoreError('cut', `${what}: the connection was cut after ${bytes} of ${length} bytes.`);
}

function encode(key: string): string {
  const strict = (part: string): string =>
    encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return key.split('/').map(strict).join('/');
}
