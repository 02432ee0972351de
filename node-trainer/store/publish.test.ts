import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { describe, expect, test } from 'vitest';

import { type CardGate, NOT_JUDGED } from '#shared/schema/gate.ts';

import { readCatalog } from './catalog.ts';
import { publishVersion, type PublishStep } from './publish.ts';
import { rollback } from './rollback.ts';
import { inFolder, publication } from './testing/fixture.ts';
import { verifyVersion } from './verify.ts';

describe('publishing', () => {
  test('versions are numbered 001, 002, … and the newest is what guests get', () =>
    inFolder(async (folder) => {
      const first = await publishVersion(await publication(folder, 'a'));
      const second = await publishVersion(await publication(folder, 'b'));
      expect([first.version, second.version]).toEqual([1, 2]);
      expect(await visible(folder)).toEqual(['001', '002', 'catalog.json']);
      const catalog = await readCatalog(join(folder, 'models'));
      expect(catalog).toMatchObject({ sequence: 2, current: 2, versions: [{ version: 1 }, { version: 2 }] });
    }));

  test('every file of a version is vouched for: files by the card, the card by the catalog', () =>
    inFolder(async (folder) => {
      const { catalog } = await publishVersion(await publication(folder, 'a'));
      const card = catalog.versions[0]!.card;
      const found = await verifyVersion(join(folder, 'models', '001'), card.sha256);
      expect(found.bytes).toBe(card.bytes);
      expect(found.card.publishedAt).toBe('2026-05-01T10:00:00.000Z');
    }));

  test('the same files again are no new version, also after a rollback', () =>
    inFolder(async (folder) => {
      await publishVersion(await publication(folder, 'a'));
      await publishVersion(await publication(folder, 'b'));
      await rollback(join(folder, 'models'), 1);
      const again = await publishVersion(await publication(folder, 'b'));
      expect(again).toMatchObject({ version: 2, already: true, catalog: { current: 1, sequence: 3 } });
    }));

  test('a number is never given twice, not even one whose folder was never listed', () =>
    inFolder(async (folder) => {
      await mkdir(join(folder, 'models', '007'), { recursive: true });
      const { version } = await publishVersion(await publication(folder, 'a'));
      expect(version).toBe(8);
    }));

  const noGo: CardGate = { ...NOT_JUDGED, decision: 'no-go', reasons: ['Too dark.', 'Too slow.'] };
  const override = { reason: 'the fair opens tomorrow', at: '2026-05-01T10:00:00.000Z', by: 'Ann' };

  test.each([
    ['a throw-away run (P2-05)', { throwAway: true }, /throw-away/],
    [
      'a throw-away run, even overridden (P4-24)',
      { throwAway: true, gate: { ...noGo, override } },
      /throw-away/,
    ],
    [
      'a no-go of the gate',
      { gate: noGo },
      /no-go:\n {2}- Too dark\.\n {2}- Too slow\.\nNothing was published/,
    ],
  ])('%s is refused and changes nothing', (_, more, message) =>
    inFolder(async (folder) => {
      await publishVersion(await publication(folder, 'a'));
      const refused = publishVersion(await publication(folder, 'b', more));
      await expect(refused).rejects.toMatchObject({
        name: 'PublishRefused',
        message: expect.stringMatching(message) as string,
      });
      expect(await visible(folder)).toEqual(['001', 'catalog.json']);
    }),
  );

  test('a no-go that a person overrules is published, and its card says so for ever', () =>
    inFolder(async (folder) => {
      const gate = { ...noGo, override };
      await publishVersion(await publication(folder, 'a', { gate }));
      await publishVersion(await publication(folder, 'b'));
      await rollback(join(folder, 'models'), 1);
      expect((await verifyVersion(join(folder, 'models', '001'))).card.gate).toEqual(gate);
    }));

  test('a report that was made again makes no new version: guests would get the same', () =>
    inFolder(async (folder) => {
      await publishVersion(await publication(folder, 'a'));
      const again = await publication(folder, 'a', { gate: noGo });
      await writeFile(join(again.files, 'report', 'metrics.json'), 'another report');
      expect(await publishVersion(again)).toMatchObject({ version: 1, already: true });
    }));

  test('a model whose version was damaged is published again, under a new number', () =>
    inFolder(async (folder) => {
      await publishVersion(await publication(folder, 'a'));
      await flipByte(join(folder, 'models', '001', 'weights.bin'));
      expect(await publishVersion(await publication(folder, 'a'))).toMatchObject({
        version: 2,
        already: false,
      });
      await verifyVersion(join(folder, 'models', '002'));
    }));

  test('a file that changed since it was exported is named; the old version stays', () =>
    inFolder(async (folder) => {
      await publishVersion(await publication(folder, 'a'));
      const next = await publication(folder, 'b');
      await flipByte(join(next.files, 'weights.bin'));
      await expect(publishVersion(next)).rejects.toThrow(/weights\.bin is damaged/);
      expect(await visible(folder)).toEqual(['001', 'catalog.json']);
      expect(await litter(folder)).toEqual([]);
    }));

  test('a file that vanished is named; the old version stays', () =>
    inFolder(async (folder) => {
      await publishVersion(await publication(folder, 'a'));
      const next = await publication(folder, 'b');
      await rm(join(next.files, 'labels.json'));
      await expect(publishVersion(next)).rejects.toThrow(/labels\.json is missing/);
      expect(await visible(folder)).toEqual(['001', 'catalog.json']);
      expect(await litter(folder)).toEqual([]);
    }));

  test.each(['begun', 'copied', 'flushed'] as const)(
    'a disk that is full after "%s": the old version is served, nothing is left behind, and later it works',
    (full) =>
      inFolder(async (folder) => {
        const store = join(folder, 'models');
        await publishVersion(await publication(folder, 'a'));
        const next = await publication(folder, 'b');
        const onStep = (step: PublishStep): void => {
          if (step === full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        };
        await expect(publishVersion({ ...next, onStep })).rejects.toMatchObject({ code: 'ENOSPC' });
        const { current, versions } = await readCatalog(store);
        expect(current).toBe(1);
        await verifyVersion(join(store, '001'), versions[0]!.card.sha256);
        expect(await litter(folder)).toEqual([]);
        expect(await publishVersion(next)).toMatchObject({ version: 2, catalog: { current: 2 } });
      }),
  );

  test('a disk that is full when the catalog is written: the old one is served, and doing it again lists the version', () =>
    inFolder(async (folder) => {
      const store = join(folder, 'models');
      await publishVersion(await publication(folder, 'a'));
      const next = await publication(folder, 'b');
      const onStep = (step: PublishStep): void => {
        if (step === 'renamed') throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      };
      await expect(publishVersion({ ...next, onStep })).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(await readCatalog(store)).toMatchObject({ current: 1, versions: [{ version: 1 }] });
      expect(await publishVersion(next)).toMatchObject({
        version: 2,
        already: false,
        catalog: { current: 2 },
      });
    }));

  test('two at once: the second is told, the first is not disturbed', () =>
    inFolder(async (folder) => {
      const [a, b] = [await publication(folder, 'a'), await publication(folder, 'b')];
      const results = await Promise.allSettled([publishVersion(a), publishVersion(b)]);
      expect(results.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
      const refusal = results.find((r) => r.status === 'rejected');
      expect(String(refusal?.reason)).toMatch(/Another process/);
      expect(await visible(folder)).toEqual(['001', 'catalog.json']);
    }));
});

describe('a publishing that is killed', () => {
  const steps: readonly PublishStep[] = ['begun', 'copied', 'flushed', 'renamed', 'listed'];
  test.each(steps)(
    'after "%s": a whole version is served all the time, and doing it again completes it',
    (step) =>
      inFolder(async (folder) => {
        const store = join(folder, 'models');
        await publishVersion(await publication(folder, 'a'));
        expect(await publishAndDie(folder, 'b', step)).toBe('SIGKILL');
        const { current, versions } = await readCatalog(store);
        expect(current).toBe(step === 'listed' ? 2 : 1);
        for (const { version, card } of versions)
          await verifyVersion(join(store, `00${version}`), card.sha256);

        const again = await publishVersion(await publication(folder, 'b'));
        expect(again).toMatchObject({ version: 2, already: step === 'listed', catalog: { current: 2 } });
        expect(await visible(folder)).toEqual(['001', '002', 'catalog.json']);
        expect(await litter(folder)).toEqual([]);
      }),
  );
});

const smallDisk = process.platform === 'linux' && process.getuid?.() === 0 && canMount();

test.skipIf(!smallDisk)(
  'a full disk: the old version is served, nothing is left behind (skipped unless root)',
  () =>
    inFolder(async (folder) => {
      const store = join(folder, 'models');
      await mkdir(store);
      expect(mount(store)).toBe(0);
      try {
        await publishVersion(await publication(folder, 'a'));
        await writeFile(join(store, 'filler'), Buffer.alloc(28 * 1024));
        await expect(publishVersion(await publication(folder, 'b'))).rejects.toMatchObject({
          code: 'ENOSPC',
        });
        const catalog = await readCatalog(store);
        expect(catalog.current).toBe(1);
        await verifyVersion(join(store, '001'), catalog.versions[0]!.card.sha256);
        expect(await litter(folder)).toEqual([]);
      } finally {
        spawnSync('umount', [store]);
      }
    }),
);

describe('rollback', () => {
  test('is one write of the catalog with a higher sequence; the versions stay', () =>
    inFolder(async (folder) => {
      await publishVersion(await publication(folder, 'a'));
      await publishVersion(await publication(folder, 'b'));
      const catalog = await rollback(join(folder, 'models'), 1);
      expect(catalog).toMatchObject({ current: 1, sequence: 3 });
      expect(catalog.versions).toHaveLength(2);
      expect(await rollback(join(folder, 'models'), 1)).toEqual(catalog);
    }));

  test('to a damaged version is refused and names the file', () =>
    inFolder(async (folder) => {
      await publishVersion(await publication(folder, 'a'));
      await publishVersion(await publication(folder, 'b'));
      await flipByte(join(folder, 'models', '001', 'weights.bin'));
      await expect(rollback(join(folder, 'models'), 1)).rejects.toThrow(/001.weights\.bin is damaged/);
      expect((await readCatalog(join(folder, 'models'))).current).toBe(2);
    }));

  test('to a version that was never published says which there are', () =>
    inFolder(async (folder) => {
      await publishVersion(await publication(folder, 'a'));
      await expect(rollback(join(folder, 'models'), 9)).rejects.toThrow(
        /009 is not in the catalog.*there: 001/,
      );
    }));
});

describe('verifying a version', () => {
  test.each(['model.json', 'weights.bin', 'report/metrics.json', 'card.json'])(
    'one flipped byte in %s is found',
    (name) =>
      inFolder(async (folder) => {
        const { folder: version, catalog } = await publishVersion(await publication(folder, 'a'));
        await flipByte(join(version, name));
        await expect(verifyVersion(version, catalog.versions[0]!.card.sha256)).rejects.toThrow(name);
      }),
  );
});

async function flipByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  // A place inside a name in card.json: still JSON, so that only the hash can tell.
  const at = Math.max(2, bytes.indexOf('Zoo'));
  bytes[at] = bytes[at]! ^ 1;
  await writeFile(file, bytes);
}

async function visible(folder: string): Promise<string[]> {
  return (await readdir(join(folder, 'models'))).filter((name) => !name.startsWith('.')).sort();
}

async function litter(folder: string): Promise<string[]> {
  return (await readdir(join(folder, 'models'), { recursive: true })).filter((name) =>
    /\.tmp|\.lock/.test(name),
  );
}

function publishAndDie(folder: string, content: string, step: PublishStep): Promise<NodeJS.Signals | null> {
  const script = resolve(import.meta.dirname, 'testing', 'publish-and-die.ts');
  const child = spawn(process.execPath, ['--import', 'tsx/esm', script, folder, content, step], {
    stdio: 'inherit',
  });
  return new Promise((done) =>
    child.on('close', (_code, signal) => {
      done(signal);
    }),
  );
}

function mount(folder: string): number | null {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=80k', 'tmpfs', folder]).status;
}

function canMount(): boolean {
  return spawnSync('mount', ['--fake', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
}
