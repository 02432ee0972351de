import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { checkEntries, type ZipEntryInfo } from './entries.ts';
import { ARCHIVE_LIMITS, createInflateGuard } from './limits.ts';
import { ArchiveRefused, type ArchiveFault } from './refused.ts';

fc.configureGlobal({ seed: 20_260_102 });

const MB = 2 ** 20;

function entry(name: string, more: Partial<ZipEntryInfo> = {}): ZipEntryInfo {
  const directory = name.endsWith('/');
  const bytes = directory ? 0 : 1000;
  return { name, compressedBytes: bytes, uncompressedBytes: bytes, directory, method: 0, ...more };
}

function packed(name: string, from: number, to: number): ZipEntryInfo {
  return entry(name, { compressedBytes: from, uncompressedBytes: to, method: 8 });
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function refusal(act: () => unknown): ArchiveRefused | null {
  try {
    act();
    return null;
  } catch (cause) {
    if (cause instanceof ArchiveRefused) return cause;
    throw cause;
  }
}

describe('an honest archive', () => {
  test('comes back with safe names and its places in the list', () => {
    const entries = [
      entry('Image_Library/'),
      entry('Image_Library/cafe\u0301/1.png'),
      packed('library.json', 10, 90),
    ];
    expect(checkEntries(entries, 10_000)).toEqual([
      { name: 'Image_Library', directory: true, uncompressedBytes: 0, index: 0 },
      { name: 'Image_Library/café/1.png', directory: false, uncompressedBytes: 1000, index: 1 },
      { name: 'library.json', directory: false, uncompressedBytes: 90, index: 2 },
    ]);
  });

  test('names beyond ASCII are fine as stored bytes too', () => {
    const name = '日本/ソ.png';
    expect(checkEntries([entry(name, { rawNameBytes: bytesOf(name) })], 5000)).toHaveLength(1);
  });

  test('a full shard is checked', () => {
    const shard = Array.from({ length: 10_000 }, (_, i) => entry(`Image_Library/otter/${i}.png`));
    expect(checkEntries(shard, 20_000_000)).toHaveLength(10_000);
  });

  test('a small text may shrink as well as it likes', () => {
    expect(checkEntries([packed('photos.ndjson', 1000, MB)], 5000)).toHaveLength(1);
  });
});

describe('a hostile archive is refused with a typed fault that names the entry', () => {
  const raw = (stored: string): ZipEntryInfo => entry('x.png', { rawNameBytes: bytesOf(stored) });
  test.each<[string, ArchiveFault, readonly ZipEntryInfo[], string]>([
    ['a path with ..', 'name', [entry('../x.png')], '"../x.png"'],
    ['a stored name that a reader has cleaned', 'name', [raw('../x.png')], '"x.png"'],
    ['a stored name with a zero byte', 'name', [raw('x.png\0.exe')], '"x.png"'],
    ['a stored name with a backslash', 'name', [raw('..\\x.png')], '"x.png"'],
    ['the same name twice', 'duplicate', [entry('a.png'), entry('a.png')], '"a.png"'],
    ['names that differ in case', 'duplicate', [entry('A.png'), entry('a.PNG')], '"a.PNG"'],
    ['names that differ in Unicode form', 'duplicate', [entry('é'), entry('e\u0301')], '"é"'],
    ['folders that differ in case', 'duplicate', [entry('A/1.png'), entry('a/2.png')], '"a"'],
    ['a file that is also a folder', 'duplicate', [entry('a'), entry('a/b.png')], '"a"'],
    ['a link', 'symlink', [entry('x', { symlink: true })], '"x"'],
    ['a password', 'encrypted', [entry('x', { encrypted: true })], '"x"'],
    ['an unknown method', 'method', [entry('x', { method: 99 })], '"x"'],
    ['a bomb by ratio', 'ratio', [packed('x', 1000, 60 * MB)], '"x"'],
    ['much from nothing', 'ratio', [packed('x', 0, 2 * MB)], '"x"'],
    ['a bomb by size', 'too-large', [packed('x', 4 * MB, 65 * MB)], '"x"'],
    ['a negative size', 'corrupt', [packed('x', 10, -1)], '"x"'],
    ['no size', 'corrupt', [packed('x', Number.NaN, 10)], '"x"'],
    ['stored with two sizes', 'corrupt', [entry('x', { compressedBytes: 5 })], '"x"'],
    ['a folder with content', 'corrupt', [entry('x/', { compressedBytes: 9, uncompressedBytes: 9 })], '"x"'],
  ])('%s: %s', (_, fault, entries, name) => {
    const refused = refusal(() => checkEntries(entries, 10 * MB));
    expect(refused?.fault).toBe(fault);
    expect(refused?.message).toContain(name);
  });

  test('too many entries, too large in total, larger than allowed, overlapping', () => {
    const many = Array.from({ length: 20 }, (_, i) => packed(`${i}`, MB, 20 * MB));
    const fault = (bytes: number, limits = {}): ArchiveFault | undefined =>
      refusal(() => checkEntries(many, bytes, { ...ARCHIVE_LIMITS, ...limits }))?.fault;
    expect(fault(100 * MB)).toBe(undefined);
    expect(fault(100 * MB, { entries: 19 })).toBe('too-many');
    expect(fault(100 * MB, { totalBytes: 399 * MB })).toBe('too-large');
    expect(fault(100 * MB, { archiveBytes: 99 * MB })).toBe('too-large');
    expect(fault(19 * MB)).toBe('overlap');
  });

  test('any list gives typed refusals only, and what passes is within the limits', () => {
    const size = fc.oneof(fc.integer({ min: -1, max: 70 * MB }), fc.constantFrom(Number.NaN, 0.5, 2 ** 60));
    const name = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('a', 'A', 'a/b', '../x', 'é'));
    const any = fc.record({
      name,
      compressedBytes: size,
      uncompressedBytes: size,
      directory: fc.boolean(),
      symlink: fc.boolean(),
      method: fc.constantFrom(0, 8, 12),
    });
    fc.assert(
      fc.property(
        fc.array(any, { maxLength: 4 }),
        fc.integer({ min: 0, max: 300 * MB }),
        (entries, bytes) => {
          if (refusal(() => checkEntries(entries, bytes)) !== null) return;
          const passed = checkEntries(entries, bytes);
          expect(new Set(passed.map((e) => e.name.toLowerCase())).size).toBe(passed.length);
          for (const { uncompressedBytes } of passed) expect(uncompressedBytes).toBeLessThanOrEqual(64 * MB);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('the guard at the inflater', () => {
  const declared = { name: 'x.png', uncompressedBytes: 100 };

  test('lets exactly the declared bytes through', () => {
    const guard = createInflateGuard(declared);
    guard.push(60);
    guard.push(40);
    expect(refusal(guard.end)).toBe(null);
  });

  test('stops at the first byte too many, so that a lying header gains nothing', () => {
    const guard = createInflateGuard(declared);
    guard.push(100);
    const refused = refusal(() => {
      guard.push(1);
    });
    expect(refused?.fault).toBe('corrupt');
    expect(refused?.message).toContain('"x.png"');
  });

  test('notices an entry that ends early', () => {
    const guard = createInflateGuard(declared);
    guard.push(99);
    expect(refusal(guard.end)?.fault).toBe('corrupt');
  });
});
