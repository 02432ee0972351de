import { afterEach, describe, expect, test, vi } from 'vitest';

import { Sha256 } from '#shared/metrics/sha256.ts';
import { fileParts, publishedParts } from './matrix-parts.ts';
import { Unreachable } from './model-fetch.ts';
import { ModelRefused } from './model-version.ts';
import { WholeBytes } from './whole-bytes.ts';

const MEGABYTES = 20;
const CONTENT = Uint8Array.from({ length: MEGABYTES << 20 }, (_, i) => (i * 31) >> 8);
const HASH = new Sha256().update(CONTENT).hex();
const ENTRY = { path: 'report/scores.npy', bytes: CONTENT.length, sha256: HASH };
const signal = new AbortController().signal;

afterEach(() => {
  vi.restoreAllMocks();
});

/** A server with ranges; `spoil` may answer in its place. */
function serveRanges(spoil: (n: number, from: number) => Response | null = () => null): string[] {
  const asked: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
    const headers = new Headers(init?.headers);
    const range = headers.get('Range') ?? '';
    asked.push(range);
    const [from = 0, to = 0] = /(\d+)-(\d+)/.exec(range)?.slice(1).map(Number) ?? [];
    return Promise.resolve(spoil(asked.length, from) ?? rangeOf(from, to));
  });
  return asked;
}

function rangeOf(from: number, to: number, told = `bytes ${from}-${to}/${CONTENT.length}`): Response {
  const headers = { 'Content-Range': told, ETag: '"1"' };
  return new Response(CONTENT.slice(from, to + 1), { status: 206, headers });
}

/** Some bytes, then the connection breaks. */
function cutAfter(from: number, bytes: number, status = 206): Response {
  let sent = false;
  const body = new ReadableStream({
    pull: (controller) => {
      if (sent) controller.error(new TypeError('network error'));
      else controller.enqueue(CONTENT.slice(from, from + bytes));
      sent = true;
    },
  });
  const to = Math.min(from + (8 << 20), CONTENT.length) - 1;
  return new Response(body, {
    status,
    headers: { 'Content-Range': `bytes ${from}-${to}/${CONTENT.length}`, ETag: '"1"' },
  });
}

async function readAll(parts: AsyncGenerator<Uint8Array>): Promise<{ bytes: number; hash: string | null }> {
  const source = new WholeBytes(parts);
  const buffer = new Uint8Array(1_000_003);
  for (let got = buffer.length; got === buffer.length;) got = await source.take(buffer);
  return { bytes: source.bytes, hash: await source.end() };
}

const WHOLE = { bytes: CONTENT.length, hash: HASH };

describe('a matrix on the server', () => {
  test('is read in ranges of some megabytes, each byte once', async () => {
    const asked = serveRanges();
    expect(await readAll(publishedParts(7, ENTRY, signal))).toEqual(WHOLE);
    expect(asked).toEqual(['bytes=0-8388607', 'bytes=8388608-16777215', 'bytes=16777216-20971519']);
  });

  test('is read as one stream where the server knows no ranges', async () => {
    const fetched = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response(CONTENT)));
    expect(await readAll(publishedParts(7, ENTRY, signal))).toEqual(WHOLE);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  test('goes on where a connection was cut, of the same state of the file', async () => {
    const asked = serveRanges((n, from) => (n === 2 ? cutAfter(from, 1000) : null));
    expect(await readAll(publishedParts(7, ENTRY, signal))).toEqual(WHOLE);
    expect(asked[2]).toBe('bytes=8389608-16778215');
    expect(new Headers(vi.mocked(fetch).mock.lastCall?.[1]?.headers).get('If-Range')).toBe('"1"');
  });

  test('is given up when nothing comes any more', async () => {
    const asked = serveRanges((n, from) => (n > 1 ? cutAfter(from, 0) : null));
    await expect(readAll(publishedParts(7, ENTRY, signal))).rejects.toThrow(Unreachable);
    expect(asked).toHaveLength(4);
  });

  test.each<[string, (n: number, from: number) => Response | null, RegExp]>([
    ['missing', () => new Response('', { status: 404 }), /scores\.npy is missing on the server/],
    [
      'of another size',
      (_n, from) => rangeOf(from, from + (8 << 20) - 1, `bytes ${from}-${from + (8 << 20) - 1}/99`),
      /20971520 bytes were, and the server speaks of "bytes 0-8388607\/99"/,
    ],
    [
      'changed meanwhile',
      (n) => (n === 2 ? new Response(CONTENT) : null),
      /scores\.npy changed while it was being read/,
    ],
    ['shorter meanwhile', (n) => (n === 2 ? new Response('', { status: 416 }) : null), /has 8388608 bytes/],
    ['shorter than its card says', () => new Response(CONTENT.slice(0, 99)), /has 99 bytes, but 20971520/],
    [
      'longer than its card says',
      () => new Response(new Blob([CONTENT, CONTENT])),
      /longer than the 20971520 bytes published/,
    ],
  ])('%s is refused in words', async (_name, answer, words) => {
    serveRanges(answer);
    const reading = readAll(publishedParts(7, ENTRY, signal));
    await expect(reading).rejects.toThrow(ModelRefused);
    await expect(reading).rejects.toThrow(words);
  });

  test('that can’t be reached is no damage', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
    await expect(readAll(publishedParts(7, ENTRY, signal))).rejects.toThrow(Unreachable);
  });

  test('is let go of when nobody wants more of it', async () => {
    serveRanges();
    const cancel = new AbortController();
    const parts = publishedParts(7, ENTRY, cancel.signal);
    await parts.next();
    await parts.return(undefined);
    expect(await parts.next()).toEqual({ done: true, value: undefined });
  });
});

test('a file is read in slices, and comes whole', async () => {
  expect(await readAll(fileParts(new Blob([CONTENT])))).toEqual(WHOLE);
  expect(await readAll(fileParts(new Blob([])))).toMatchObject({ bytes: 0 });
});

test('bytes that were not taken leave no hash', async () => {
  const source = new WholeBytes(fileParts(new Blob([CONTENT])));
  await source.take(new Uint8Array(CONTENT.length - 1));
  expect(await source.end()).toBeNull();
});
