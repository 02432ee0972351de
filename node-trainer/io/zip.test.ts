import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openZip } from './zip-read.ts';
import { writeZip } from './zip-write.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menagerie-zip-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = (s: string): Uint8Array => new TextEncoder().encode(s);

async function write(...entries: readonly (readonly [name: string, data: Uint8Array])[]): Promise<string> {
  const path = join(folder, 'x.zip');
  await writeZip(
    path,
    entries.map(([name, data]) => ({ name, data })),
  );
  return path;
}

async function readAll(path: string): Promise<[string, string][]> {
  const zip = await openZip(path);
  try {
    const contents: [string, string][] = [];
    for (const entry of zip.entries)
      contents.push([entry.name, Buffer.from(await zip.read(entry)).toString('latin1')]);
    return contents;
  } finally {
    await zip.close();
  }
}

describe('round trip', () => {
  test('names of every script and all bytes come back', async () => {
    const files = [
      ['library.json', text('{}')],
      ['Image_Library/大熊猫/a.png', Uint8Array.from({ length: 256 }, (_, i) => i)],
      ['Image_Library/עיט/b.png', new Uint8Array()],
    ] as const;
    const found = await readAll(await write(...files));
    expect(found).toEqual(files.map(([name, data]) => [name, Buffer.from(data).toString('latin1')]));
  });

  test('the same files give the same zip, byte for byte', async () => {
    const once = await readFile(await write(['a.json', text('a'.repeat(9999))], ['b.png', text('b')]));
    const twice = await readFile(await write(['a.json', text('a'.repeat(9999))], ['b.png', text('b')]));
    expect(once.equals(twice)).toBe(true);
  });

  test('text is packed, pictures are stored as they are', async () => {
    const many = text('a'.repeat(50_000));
    const packed = await readFile(await write(['a.json', many]));
    const stored = await readFile(await write(['a.png', many]));
    expect(packed.length).toBeLessThan(1000);
    expect(stored.length).toBeGreaterThan(50_000);
  });

  test('a source that fails half-way leaves no zip', async () => {
    async function* broken(): AsyncGenerator<{ name: string; data: Uint8Array }> {
      yield { name: 'a', data: text('a') };
      await Promise.reject(new Error('the disk went away'));
    }
    await expect(writeZip(join(folder, 'y.zip'), broken())).rejects.toThrow('went away');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('hostile and damaged zips are refused with a typed error that names the culprit', () => {
  const refused = async (path: string): Promise<string> => {
    const error: unknown = await readAll(path).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'ArchiveRefused' });
    return (error as Error).message;
  };

  test.each(['../evil.png', 'a/../../evil.png', '/etc/passwd', 'C:\\evil.png', 'a\\..\\evil.png'])(
    'the name %s',
    async (name) => {
      await refused(await write([name, text('x')]));
    },
  );

  test('a zip bomb, before anything is unpacked', async () => {
    expect(await refused(await write(['bomb.json', new Uint8Array(40 * 2 ** 20)]))).toMatch(
      /bomb\.json.*zip bomb/,
    );
  });

  test('an entry that unpacks to more than it declares', async () => {
    const path = await write(['liar.json', text('a'.repeat(100_000))]);
    const bytes = await readFile(path);
    for (const { at } of sizesIn(bytes)) bytes.writeUInt32LE(1000, at);
    await writeFile(path, bytes);
    expect(await refused(path)).toMatch(/liar\.json/);
  });

  test('one flipped byte in a stored picture', async () => {
    const path = await write(['a.png', text('pixels '.repeat(100))]);
    const bytes = await readFile(path);
    const at = bytes.indexOf('pixels') + 3;
    bytes[at] = bytes[at]! ^ 1;
    await writeFile(path, bytes);
    expect(await refused(path)).toMatch(/"a\.png" is damaged: its checksum/);
  });

  test.each([
    ['an empty file', Buffer.alloc(0)],
    ['a web page', Buffer.from('<!doctype html><title>502</title>')],
  ])('%s', async (_, bytes) => {
    await writeFile(join(folder, 'x.zip'), bytes);
    expect(await refused(join(folder, 'x.zip'))).toMatch(/"x\.zip" is no zip file/);
  });

  test('a zip that was cut short', async () => {
    const path = await write(['a.png', text('x'.repeat(5000))]);
    await writeFile(path, (await readFile(path)).subarray(0, 3000));
    expect(await refused(path)).toMatch(/no zip file, or is cut short/);
  });

  test('any single damaged byte gives the right content or a typed error, never something else', async () => {
    const good = await readFile(
      await write(['a.json', text('{"a":1}'.repeat(40))], ['b.png', text('picture')]),
    );
    const truth = new Map(await readAll(join(folder, 'x.zip')));
    for (let i = 0; i < good.length; i += 3) {
      const bad = Buffer.from(good);
      bad[i] = bad[i]! ^ 0x55;
      await writeFile(join(folder, 'bad.zip'), bad);
      const found: unknown = await readAll(join(folder, 'bad.zip')).catch((e: unknown) => e);
      if (found instanceof Error) expect(found.name).toBe('ArchiveRefused');
      else
        for (const [name, data] of found as [string, string][])
          if (truth.has(name)) expect(data).toBe(truth.get(name));
    }
  });
});

/** Where the uncompressed sizes stand: 22 bytes into a local header, 24 into a central one. */
function sizesIn(bytes: Buffer): { at: number }[] {
  const after = (signature: number[], offset: number): number =>
    bytes.indexOf(Buffer.from(signature)) + offset;
  return [{ at: after([0x50, 0x4b, 3, 4], 22) }, { at: after([0x50, 0x4b, 1, 2], 24) }];
}
