import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';

import { startS3 } from '../testing/s3.ts';
import { scratch } from '../testing/shapes.ts';
import { readS3Page } from './s3-list.ts';
import { s3Place } from './s3-place.ts';
import { type FileStore, hashStored, openStore, readText, type StoredFile } from './store.ts';
import { checkKey } from './store-key.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

async function everything(store: FileStore, prefix?: string): Promise<StoredFile[]> {
  const found = [];
  for await (const file of store.list(prefix)) found.push(file);
  return found;
}

async function localFile(content: string | Buffer): Promise<string> {
  const path = join(await scratch(), 'file');
  await writeFile(path, content);
  return path;
}

describe.each(['a folder', 'an S3-compatible store'])('%s as a store', (kind) => {
  async function open(): Promise<FileStore> {
    if (kind === 'a folder') return openStore(join(await scratch(), 'made', 'later'));
    return openStore('s3://zoo/answers/2026', (await startS3()).env);
  }

  test('gives back what was put, under names of all kinds, in the order of the names', async () => {
    const store = await open();
    const names = ['part-00001.json', 'b/ü & <löwe> + 100%.txt', "b/it's (a) *.txt"];
    for (const name of names) await store.put(name, await localFile(`text of ${name}`));
    for (const name of names) expect(await readText(store, name)).toBe(`text of ${name}`);
    expect((await everything(store)).map((f) => f.key)).toEqual([...names].sort());
    expect((await everything(store, 'b/i')).map((f) => [f.key, f.bytes])).toEqual([["b/it's (a) *.txt", 24]]);
    expect(await store.has(names[0]!)).toBe(true);
  });

  test('says what is not there', async () => {
    const store = await open();
    expect(await store.has('none.json')).toBe(false);
    expect(await everything(store)).toEqual([]);
    await expect(store.get('none.json')).rejects.toMatchObject({ name: 'FileStoreError', fault: 'missing' });
  });

  test('the second put wins as a whole; large files are streamed', async () => {
    const store = await open();
    const large = randomBytes(5 * 2 ** 20);
    await store.put('x', await localFile('small'));
    const before = (await everything(store))[0]?.tag;
    await store.put('x', await localFile(large));
    expect(await hashStored(store, 'x')).toEqual({
      sha256: createHash('sha256').update(large).digest('hex'),
      bytes: large.length,
    });
    expect((await everything(store))[0]?.tag).not.toBe(before);
    await expect(readText(store, 'x', 1000)).rejects.toMatchObject({ fault: 'too-large' });
  });

  test('refuses names that leave their place', async () => {
    const store = await open();
    for (const key of ['../x', '/etc/passwd', 'a/../../x', 'C:/x', 'a\\b', '', 'a//b', 'x\n'])
      await expect(store.put(key, await localFile(''))).rejects.toMatchObject({ fault: 'key' });
  });
});

describe('a store that fails', () => {
  test('is asked again after 503 and 429, and the file is there once', async () => {
    const { env, fail, asked } = await startS3();
    const store = openStore('s3://zoo/a', env);
    fail(503, 2);
    await store.put('x', await localFile('hello'));
    expect(asked).toHaveLength(3);
    fail(429, 1);
    expect(await readText(store, 'x')).toBe('hello');
  });

  test('a cut connection is never a short file: it is read again, in the end an error', async () => {
    const { env, fail } = await startS3();
    const store = openStore('s3://zoo/a', env);
    const content = randomBytes(300_000);
    await store.put('x', await localFile(content));
    fail('cut', 2);
    expect((await hashStored(store, 'x')).bytes).toBe(content.length);
    fail('cut', 3);
    await expect(hashStored(store, 'x')).rejects.toMatchObject({ name: 'StoreUnreachable', fault: 'cut' });
  });

  test('wrong keys and a missing bucket are told apart, at once', async () => {
    const { env, asked } = await startS3();
    const denied = openStore('s3://zoo/a', { ...env, AWS_SECRET_ACCESS_KEY: 'wrong' });
    await expect(everything(denied)).rejects.toThrow(/403 \(SignatureDoesNotMatch\).*AWS_ACCESS_KEY_ID/);
    await expect(everything(openStore('s3://nowhere', env))).rejects.toThrow(/NoSuchBucket.*bucket's name/);
    expect(asked).toHaveLength(2);
  });

  test('nobody at the address: says so with the address to check', async () => {
    const env = {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    await expect(everything(openStore('s3://zoo', env))).rejects.toThrow(
      /can't be reached.*AWS_ENDPOINT_URL/,
    );
  }, 30_000);
});

describe('addresses', () => {
  test('the usual variables say where and as whom', () => {
    expect(s3Place('s3://zoo/a/b/', { ...KEYS, AWS_REGION: 'eu-central-1' })).toMatchObject({
      bucket: 'https://s3.eu-central-1.amazonaws.com/zoo',
      prefix: 'a/b/',
    });
    expect(s3Place('s3://zoo', { ...KEYS, AWS_ENDPOINT_URL: 'http://store:9000/' })).toMatchObject({
      bucket: 'http://store:9000/zoo',
      prefix: '',
    });
  });

  test.each([
    ['s3://', KEYS, /no place in a store/],
    ['s3://Zoo_1/a', KEYS, /no place in a store/],
    ['s3://zoo/../other', KEYS, /leaves its place/],
    ['s3://zoo', {}, /AWS_ACCESS_KEY_ID/],
    ['s3://zoo', { ...KEYS, AWS_ENDPOINT_URL: 'store' }, /AWS_ENDPOINT_URL/],
  ])('%s is refused', (place, env, message) => {
    expect(() => s3Place(place, env)).toThrow(message);
  });
});

test('a listing of more than one page is followed to its end', async () => {
  const page = (name: string, more: string): string =>
    `<ListBucketResult>${more}<Contents><Key>many/${name}</Key><Size>1</Size></Contents></ListBucketResult>`;
  const pages = new Map([
    [null, page('a', '<IsTruncated>true</IsTruncated><NextContinuationToken>a+/=b</NextContinuationToken>')],
    ['a+/=b', page('b', '<IsTruncated>false</IsTruncated>')],
  ]);
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://x');
    response.end(pages.get(searchParams.get('continuation-token')) ?? '');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = openStore('s3://zoo/many', { ...KEYS, AWS_ENDPOINT_URL });
  expect((await everything(store)).map((f) => f.key)).toEqual(['a', 'b']);
});

test('a listing is read with names encoded or escaped; anything else is refused', () => {
  const page = (more: string, key: string): string =>
    `<?xml version="1.0"?><ListBucketResult xmlns="x">${more}<Contents><Key>${key}</Key><Size>3</Size><ETag>&quot;ab&quot;</ETag></Contents></ListBucketResult>`;
  expect(readS3Page(page('', 'a &amp; &#252;&#x1F981;'), 'here').files).toEqual([
    { name: 'a & ü🦁', bytes: 3, tag: 'ab' },
  ]);
  expect(readS3Page(page('<EncodingType>url</EncodingType>', 'a+%26%20b'), 'here').files[0]?.name).toBe(
    'a & b',
  );
  expect(() => readS3Page('<html>Please log in</html>', 'here')).toThrow(/no list of files/);
});

test('a name that passes the check stays inside any folder', () => {
  const staysInside = (name: string): boolean => {
    try {
      return join('/inside', checkKey(name)).startsWith('/inside/');
    } catch {
      return true;
    }
  };
  const part = fc.constantFrom('..', '.', '', 'a', '/', '\\', 'C:', '~', '\u0000', 'ü');
  fc.assert(fc.property(fc.array(part), (parts) => staysInside(parts.join(''))));
  fc.assert(fc.property(fc.array(part), (parts) => staysInside(parts.join('/'))));
});

test('what others left half-written in a folder is not listed', async () => {
  const folder = await scratch();
  await mkdir(join(folder, '.tmp'));
  await writeFile(join(folder, '.tmp', 'x'), '');
  await writeFile(join(folder, '.part.1234.tmp'), '');
  expect(await everything(openStore(folder))).toEqual([]);
  await openStore(folder).put('whole', await localFile('1'));
  expect((await readdir(folder)).sort()).toEqual(['.part.1234.tmp', '.tmp', 'whole']);
  expect(await readFile(join(folder, 'whole'), 'utf8')).toBe('1');
});
