import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createApp } from './app.ts';
import { listen, PortTaken } from './listen.ts';

let folder = '';
let app: Hono;

const FILES: Readonly<Record<string, string>> = {
  'web/index.html': `<!doctype html><title>Menagerie</title>${' '.repeat(2000)}`,
  'web/sw.js': 'self.x = 1;',
  'web/assets/index-abc123.js': `export const x = '${'a'.repeat(5000)}';`,
  'web/.env': 'SECRET=1',
  'models/catalog.json':
    '{"v":1,"sequence":4,"current":2,"versions":[{"version":2,"publishedAt":"2026-05-01T10:00:00.000Z","card":{"bytes":1,"sha256":"' +
    'a'.repeat(64) +
    '"}}]}',
  'models/002/weights.bin': 'weights',
  'models/002/empty.bin': '',
  'models/002/report/report.html': '<!doctype html><style>p { color: red }</style>',
  'models/.tmp-1/card.json': '{}',
  'sample/index.json': '{"shards":[]}',
  'secret.txt': 'SECRET=2',
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menagerie-server-'));
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await symlink(join(folder, 'secret.txt'), join(folder, 'web', 'link.txt'));
  app = createApp({
    web: join(folder, 'web'),
    models: join(folder, 'models'),
    sample: join(folder, 'sample'),
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(app.request(path, { headers }));

describe('what is served', () => {
  test.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/library', 'text/html; charset=utf-8', 'no-cache'],
    ['/sw.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['/assets/index-abc123.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/models/catalog.json', 'application/json', 'no-cache'],
    ['/models/002/weights.bin', 'application/octet-stream', 'public, max-age=31536000, immutable'],
    ['/sample/index.json', 'application/json', 'no-cache'],
  ])('%s as %s, kept: %s', async (path, type, keeping) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('cache-control')).toBe(keeping);
  });

  test.each([
    '/assets/gone.js',
    '/models/catalog.jsonx',
    '/models/009/card.json',
    '/sample/x.zip',
    '/api/inbox',
  ])('%s is not there, and never answered with the page of the app', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  test('a script that asks for a page by mistake gets 404, not HTML', async () => {
    expect((await get('/gone', { accept: 'application/json' })).status).toBe(404);
  });

  test('a file that the client has is not sent again', async () => {
    const tag = (await get('/models/catalog.json')).headers.get('etag') ?? '';
    const again = await get('/models/catalog.json', { 'if-none-match': `W/${tag}, "other"` });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  test('text is packed for those who take it, the same content', async () => {
    const path = '/assets/index-abc123.js';
    const wanted = FILES[`web${path}`];
    const br = await get(path, { 'accept-encoding': 'gzip, deflate, br' });
    expect(br.headers.get('content-encoding')).toBe('br');
    expect(brotliDecompressSync(await br.arrayBuffer()).toString()).toBe(wanted);
    const gz = await get(path, { 'accept-encoding': 'gzip;q=0.8, br;q=0' });
    expect(gz.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(await gz.arrayBuffer()).toString()).toBe(wanted);
    const plain = await get(path);
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(wanted);
  });

  test('without a built app the models are served and the page says what to do', async () => {
    const bare = createApp({
      web: join(folder, 'none'),
      models: join(folder, 'models'),
      sample: join(folder, 'none'),
    });
    const page = await bare.request('/');
    expect(page.status).toBe(503);
    expect(await page.text()).toMatch(/npm run build/);
    expect((await bare.request('/models/catalog.json')).status).toBe(200);
  });

  test('health tells the version that guests get', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ ok: true, version: 2 });
  });
});

describe('ranges of bytes, for matrices of scores and downloads that were cut', () => {
  const WEIGHTS = '/models/002/weights.bin';

  test.each([
    ['bytes=0-2', 'wei', 'bytes 0-2/7'],
    ['bytes=3-', 'ghts', 'bytes 3-6/7'],
    ['bytes=-3', 'hts', 'bytes 4-6/7'],
    ['bytes=-100', 'weights', 'bytes 0-6/7'],
    ['bytes=5-100', 'ts', 'bytes 5-6/7'],
    ['bytes=6-6', 's', 'bytes 6-6/7'],
  ])('%s is "%s"', async (range, text, told) => {
    const response = await get(WEIGHTS, { range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(told);
    expect(response.headers.get('content-length')).toBe(String(text.length));
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(await response.text()).toBe(text);
  });

  test.each(['bytes=7-', 'bytes=100-200', 'bytes=-0'])('%s is outside: 416', async (range) => {
    const response = await get(WEIGHTS, { range });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */7');
    expect(await response.text()).toBe('');
  });

  test.each(['bytes=4-2', 'bytes=0-1,3-4', 'rows=0-1', 'bytes=-', 'bytes=a-b', `bytes=0-${'9'.repeat(40)}`])(
    '%s is no single range: the whole file',
    async (range) => {
      const response = await get(WEIGHTS, { range });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('weights');
    },
  );

  test('a range of another state of the file is answered with the whole of this one', async () => {
    const tag = (await get(WEIGHTS)).headers.get('etag') ?? '';
    const same = await get(WEIGHTS, { range: 'bytes=0-2', 'if-range': tag });
    expect([same.status, await same.text()]).toEqual([206, 'wei']);
    for (const other of ['"other"', `W/${tag}`, 'Wed, 21 Oct 2015 07:28:00 GMT']) {
      const response = await get(WEIGHTS, { range: 'bytes=0-2', 'if-range': other });
      expect([response.status, await response.text()]).toEqual([200, 'weights']);
    }
  });

  test('what is packed has none: its bytes are not those of the file', async () => {
    const response = await get('/models/catalog.json', { range: 'bytes=0-2', 'accept-encoding': 'gzip' });
    expect(response.status).toBe(200);
    expect(response.headers.get('accept-ranges')).toBeNull();
  });

  test('an empty file is sent as such, and has no range', async () => {
    expect(await (await get('/models/002/empty.bin')).text()).toBe('');
    expect((await get('/models/002/empty.bin', { range: 'bytes=0-' })).status).toBe(416);
  });
});

describe('what is not served', () => {
  test('the report of a version: it shows photos of the library', async () => {
    for (const path of ['/models/002/report/report.html', '/models/002/report/%72eport.html'])
      expect((await get(path)).status, path).toBe(404);
  });

  test.each([
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/models/..%2f..%2fsecret.txt',
    '/models/..%5c..%5csecret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/link.txt',
    '/.env',
    '/models/.tmp-1/card.json',
    '/%00',
    '/%ff',
    '//etc/passwd',
    '/models//etc/passwd',
    '/C:%5csecret.txt',
  ])('%s', async (path) => {
    const text = await (await get(path)).text();
    expect(text).not.toMatch(/SECRET|root:|\{\}/);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s changes nothing: 405', async (method) => {
    const response = await app.request('/models/catalog.json', { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });
});

test.each(['/', '/models/002/weights.bin', '/nothing.here', '/%ff'])(
  '%s bears the security headers',
  async (path) => {
    const { headers } = await get(path);
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of [
      "script-src 'self' 'wasm-unsafe-eval'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(rule);
    }
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('permissions-policy')).toContain('camera=(self)');
    // Isolation would switch the browser's engine to threads, whose start can hang.
    expect(headers.get('cross-origin-embedder-policy')).toBeNull();
  },
);

describe('over a real port', () => {
  test('HEAD says how long the file is and sends nothing of it; raw paths that lead out find nothing', async () => {
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    try {
      const head = await ask(server.port, 'HEAD', '/models/002/weights.bin');
      expect(head).toEqual({ status: 200, length: '7', body: '' });
      expect((await ask(server.port, 'GET', '/models/002/weights.bin')).body).toBe('weights');
      const out = await ask(server.port, 'GET', '/models/../../secret.txt');
      expect(out.body).not.toMatch(/SECRET/);
    } finally {
      await server.close();
    }
  });

  test('a port in use is said plainly, or the next free one is taken', async () => {
    const first = await listen(app, { host: '127.0.0.1', port: 0 });
    const taken = { host: '127.0.0.1', port: first.port };
    await expect(listen(app, taken)).rejects.toThrow(PortTaken);
    await expect(listen(app, taken)).rejects.toThrow(/in use.*--port/);
    const second = await listen(app, { ...taken, more: 20 });
    expect(second.port).toBeGreaterThan(first.port);
    await Promise.all([first.close(), second.close()]);
  });
});

/** As bytes on the wire: `fetch` would tidy the path first. */
function ask(
  port: number,
  method: string,
  path: string,
): Promise<{ status?: number; length?: string; body: string }> {
  return new Promise((done, fail) => {
    const call = request({ host: '127.0.0.1', port, method, path, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        done({ status, length: headers['content-length'] ?? '', body });
      });
    });
    call.on('error', fail);
    call.end();
  });
}
