import { describe, expect, test } from 'vitest';

import { withServer } from '../testing/file-server.ts';
import { download } from './download.ts';

const LIMIT = 1000;
const FILE = Buffer.alloc(500, 7);

describe('a download', () => {
  test('gives the bytes of the file', () =>
    withServer(
      (_, response) => response.end(FILE),
      async (address) => {
        expect(await download(`${address}/w.h5`, { limit: LIMIT })).toEqual(FILE);
      },
    ));

  test('follows redirects, as hosts of large files answer with', () =>
    withServer(
      ({ url }, response) => {
        if (url === '/w.h5') response.writeHead(302, { location: '/other/place' }).end();
        else response.end(FILE);
      },
      async (address) => {
        expect(await download(`${address}/w.h5`, { limit: LIMIT })).toEqual(FILE);
      },
    ));

  test('of a file that is not there gives null', () =>
    withServer(
      (_, response) => response.writeHead(404).end('not here'),
      async (address) => {
        expect(await download(`${address}/w.h5`, { limit: LIMIT })).toBeNull();
      },
    ));

  test('that the server refuses names its answer', () =>
    withServer(
      (_, response) => response.writeHead(503).end(),
      async (address) => {
        const url = `${address}/w.h5`;
        await expect(download(url, { limit: LIMIT })).rejects.toThrow(
          `${url}: the server answered 503 Service Unavailable`,
        );
      },
    ));

  test('that is cut off names how far it came', () =>
    withServer(
      (_, response) => {
        response.writeHead(200, { 'content-length': 500 });
        response.write(FILE.subarray(0, 300), () => response.destroy());
      },
      async (address) => {
        await expect(download(`${address}/w.h5`, { limit: LIMIT })).rejects.toThrow(
          /w\.h5: was cut off after \d+ of 500 bytes/,
        );
      },
    ));

  test.each([
    ['announced', { 'content-length': 2000 }],
    ['that nobody announced', {}],
  ])('of more bytes than are taken, %s, is stopped', (_, headers) =>
    withServer(
      (_request, response) => response.writeHead(200, headers).end(Buffer.alloc(2000)),
      async (address) => {
        await expect(download(`${address}/w.h5`, { limit: LIMIT })).rejects.toThrow(
          /bytes, more than the 1000 that are expected at most/,
        );
      },
    ),
  );

  test('from a server that falls silent is given up', () =>
    withServer(
      (_, response) => {
        response.writeHead(200, { 'content-length': 500 }).write(FILE.subarray(0, 300));
      },
      async (address) => {
        await expect(download(`${address}/w.h5`, { limit: LIMIT, patience: 100 })).rejects.toThrow(
          /was cut off after 300 of 500 bytes \(nothing came for 0\.1 s\)/,
        );
      },
    ));

  test('from where nobody answers names the reason', async () => {
    let closed = '';
    await withServer(
      () => undefined,
      (address) => {
        closed = address;
        return Promise.resolve();
      },
    );
    await expect(download(closed, { limit: LIMIT })).rejects.toThrow(/can't be reached \(.*ECONNREFUSED/);
  });
});
