import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { findPublicWeights, PUBLIC_WEIGHTS, type PublicWeights } from '#shared/model/weights-table.ts';
import { ZOO, type ZooName } from '#shared/model/zoo/table.ts';
import type { FileEntry } from '#shared/schema/model.ts';

import { writeAtomic } from '../io/atomic.ts';
import { sha256 } from '../io/hash.ts';
import { publishVersion } from '../store/publish.ts';
import { publication } from '../store/testing/fixture.ts';
import { withServer } from '../testing/file-server.ts';
import { cachedPath, fetchPublicWeights } from './weights-cache.ts';
import { openWeights, type WeightsWanted } from './weights-source.ts';

const FIXTURES = join(import.meta.dirname, '../../shared/model/fixtures');
const WANTED: WeightsWanted = { models: null, architecture: 'mobilenet-v2', width: 1 };
const MODEL_JSON = {
  modelTopology: { config: { layers: [{ class_name: 'InputLayer', config: { name: 'in' } }] } },
  weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'a', shape: [1], dtype: 'float32' }] }],
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'menagerie-weights-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function layersModel(at: string): Promise<void> {
  await writeAtomic(join(at, 'model.json'), JSON.stringify(MODEL_JSON));
  await writeAtomic(join(at, 'w.bin'), new Uint8Array(4));
}

describe('where weights come from', () => {
  test('none and random: no weights', async () => {
    expect(await openWeights('none', WANTED)).toBeNull();
    expect(await openWeights('random', WANTED)).toBeNull();
  });

  test.each(['sample.h5', 'sample.weights.h5', 'sample.safetensors'])('a file: %s', async (name) => {
    const path = join(FIXTURES, name);
    const weights = await openWeights(path, WANTED);
    expect(weights?.name, 'without where it lies: the card is public').toBe(name);
    expect(weights?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(weights?.source).toHaveProperty('naming', name.endsWith('.safetensors') ? 'timm' : 'keras');
  });

  test('what a file is, its bytes say, not its name', async () => {
    const path = join(folder, 'renamed.bin');
    await writeFile(path, await readFile(join(FIXTURES, 'sample.weights.h5')));
    expect((await openWeights(path, WANTED))?.source).toHaveProperty('naming', 'keras');
  });

  test('a model.json, or the folder of it: the same weights', async () => {
    await layersModel(folder);
    const [file, whole] = [
      await openWeights(join(folder, 'model.json'), WANTED),
      await openWeights(folder, WANTED),
    ];
    expect(file?.fingerprint).toBe(whole?.fingerprint);
    await writeFile(join(folder, 'w.bin'), Float32Array.of(1));
    expect((await openWeights(folder, WANTED))?.fingerprint).not.toBe(whole?.fingerprint);
  });

  test("timm's folder: the config beside the weights says which network and pixels they are for", async () => {
    await writeFile(join(folder, 'model.safetensors'), await readFile(join(FIXTURES, 'sample.safetensors')));
    const architecture = 'tf_efficientnet_b3';
    const bare = await openWeights(folder, WANTED);
    expect(bare?.source).toHaveProperty('timm.architecture', null);
    const config = {
      architecture,
      pretrained_cfg: { input_size: [3, 300, 300], mean: [0, 0, 0], std: [1, 1, 1] },
    };
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const told = await openWeights(folder, WANTED);
    expect(told?.source).toHaveProperty('timm', { architecture, size: 300, mean: [0, 0, 0], std: [1, 1, 1] });
    expect(told?.fingerprint).not.toBe(bare?.fingerprint);
  });

  test('an address, with the files beside it and its query', async () => {
    const asked: string[] = [];
    await withServer(
      ({ url = '' }, response) => {
        asked.push(url);
        if (url.startsWith('/m/model.json')) response.end(JSON.stringify(MODEL_JSON));
        else if (url.startsWith('/m/w.bin')) response.end(new Uint8Array(4));
        else response.writeHead(404).end();
      },
      async (address) => {
        const weights = await openWeights(`${address}/m/model.json?format=file`, WANTED);
        expect(weights?.source).toHaveProperty('modelJson');
        expect(asked).toEqual(['/m/model.json?format=file', '/m/w.bin?format=file']);
        await expect(openWeights(`${address}/other`, WANTED)).rejects.toThrow(/no such file \(404\)/);
      },
    );
  });
});

describe('a published version', () => {
  async function store(): Promise<string> {
    const made = await publication(folder, 'a');
    const training = [
      ['training/model.json', JSON.stringify(MODEL_JSON)],
      ['training/w.bin', '\0\0\0\0'],
    ] as const;
    const entries: FileEntry[] = [];
    for (const [path, text] of training) {
      await writeAtomic(join(made.files, path), text);
      entries.push({ path, bytes: text.length, sha256: sha256(Buffer.from(text)) });
    }
    const { card } = made;
    await publishVersion({
      ...made,
      card: async (given) => {
        const whole = await card(given);
        return { ...whole, files: [...whole.files, ...entries] };
      },
    });
    return made.store;
  }

  test('by its number, or the one in production', async () => {
    const models = await store();
    const weights = await openWeights('001', { ...WANTED, models });
    expect(weights?.name).toBe('version 001');
    expect(await openWeights('latest', { ...WANTED, models })).toMatchObject({
      name: 'version 001',
      fingerprint: weights?.fingerprint,
    });
  });

  test('that is damaged is refused', async () => {
    const models = await store();
    await writeFile(join(models, '001', 'training', 'w.bin'), 'else');
    await expect(openWeights('1', { ...WANTED, models })).rejects.toThrow(/w\.bin is damaged/);
  });

  test('that is not there: those that are there are named', async () => {
    const models = await store();
    await expect(openWeights('7', { ...WANTED, models })).rejects.toThrow(
      /^7: no published version .* there are 001/,
    );
    await expect(openWeights('latest', { ...WANTED, models: folder })).rejects.toThrow(/it is empty/);
    await expect(openWeights('7', WANTED)).rejects.toThrow(/7: a version is looked up .* --models/);
  });
});

describe('what can not be used is named, with what helps', () => {
  test.each<[string, string, RegExp]>([
    ['weights.pth', 'PK\x03\x04', /PyTorch's own format, which can run code/],
    ['weights.bin', '\x80\x02', /PyTorch's own format/],
    ['weights.keras', 'PK\x03\x04', /unpack it and give the model\.weights\.h5/],
    ['weights.txt', 'hello', /of no known format\. Weights are read from/],
    ['empty', '', /of no known format/],
    ['other.json', '{"a": 1}', /not a TensorFlow\.js layers model: it lists no weight files/],
    ['climbing.json', '{"weightsManifest": [{"paths": ["../x"]}]}', /it lists no weight files/],
  ])('%s', async (name, text, message) => {
    const path = join(folder, name);
    await writeFile(path, text, 'latin1');
    await expect(openWeights(path, WANTED)).rejects.toThrow(message);
  });

  test('a file that is missing, beside it or itself; a folder of something else', async () => {
    await layersModel(folder);
    await rm(join(folder, 'w.bin'));
    await expect(openWeights(folder, WANTED)).rejects.toThrow(/w\.bin: missing/);
    await expect(openWeights(join(folder, 'nowhere'), WANTED)).rejects.toThrow(/no such file or folder/);
    await rm(join(folder, 'model.json'));
    await expect(openWeights(folder, WANTED)).rejects.toThrow(/has none of model\.json, model\.safetensors/);
  });

  test('imagenet of a width that nobody published, or of no network', async () => {
    await expect(openWeights('imagenet', { ...WANTED, width: 0.6 })).rejects.toThrow(
      /imagenet: no such weights are known for MobileNet V2 of width 0\.6; ImageNet's exist for width 0\.35/,
    );
    await expect(openWeights('imagenet', { ...WANTED, architecture: 'lenet' })).rejects.toThrow(
      /no network "lenet"/,
    );
  });
});

describe('well-known files', () => {
  const bytes = Buffer.alloc(300, 5);
  const published = (url: string, more: Partial<PublicWeights> = {}): PublicWeights => ({
    ...PUBLIC_WEIGHTS[0]!,
    url,
    bytes: 300,
    sha256: sha256(bytes),
    md5: createHash('md5').update(bytes).digest('hex'),
    ...more,
  });
  const silent = (): void => undefined;

  test('are downloaded once, then taken from the cache', async () => {
    let served = 0;
    await withServer(
      (_, response) => {
        served += 1;
        response.end(bytes);
      },
      async (address) => {
        const weights = published(`${address}/net.h5`);
        expect(await fetchPublicWeights(weights, folder, silent)).toEqual(bytes);
        expect(await fetchPublicWeights(weights, folder, silent)).toEqual(bytes);
        expect(served).toBe(1);
        expect(await readdir(join(folder, 'weights'))).toEqual(['net.h5']);
      },
    );
  });

  test('whose copy in the cache was damaged are downloaded again', () =>
    withServer(
      (_, response) => response.end(bytes),
      async (address) => {
        const weights = published(`${address}/net.h5`);
        await writeAtomic(cachedPath(weights, folder), bytes.subarray(1));
        const said: string[] = [];
        expect(await fetchPublicWeights(weights, folder, (line) => said.push(line))).toEqual(bytes);
        expect(said[0]).toMatch(/the file in the cache has 299 bytes instead of 300; it is downloaded again/);
      },
    ));

  test.each<[string, Partial<PublicWeights>, RegExp]>([
    [
      'another SHA-256',
      { sha256: '0'.repeat(64) },
      /has the sha256 [0-9a-f]{64} instead of 0{64}; nothing was kept/,
    ],
    ['another MD5', { md5: '0'.repeat(32) }, /has the md5 [0-9a-f]{32} instead of 0{32}/],
    ['fewer bytes', { bytes: 301 }, /has 300 bytes instead of 301/],
    ['more bytes', { bytes: 200 }, /300 bytes, more than the 200/],
  ])('of %s than published are refused, and nothing is kept', (_, more, message) =>
    withServer(
      (_request, response) => response.end(bytes),
      async (address) => {
        await expect(
          fetchPublicWeights(published(`${address}/net.h5`, more), folder, silent),
        ).rejects.toThrow(message);
        expect(await readdir(folder)).toEqual([]);
      },
    ),
  );

  test('without a checksum are taken, and their SHA-256 is told', () =>
    withServer(
      (_, response) => response.end(bytes),
      async (address) => {
        const said: string[] = [];
        const weights = published(`${address}/net.h5`, { bytes: null, sha256: null, md5: null });
        await fetchPublicWeights(weights, folder, (line) => said.push(line));
        expect(said.at(-1)).toContain(`no checksum, its SHA-256 is ${sha256(bytes)}`);
      },
    ));

  test('without a network: what helps, with the place in the cache', async () => {
    const weights = published('http://127.0.0.1:1/net.h5');
    await expect(fetchPublicWeights(weights, folder, silent)).rejects.toThrow(
      `Without a network: fetch ${weights.url} elsewhere and save it as ${join(folder, 'weights', 'net.h5')}`,
    );
    await writeAtomic(cachedPath(weights, folder), bytes);
    expect(await fetchPublicWeights(weights, folder, silent)).toEqual(bytes);
  });

  test('that left their address', () =>
    withServer(
      (_, response) => response.writeHead(404).end(),
      async (address) => {
        await expect(fetchPublicWeights(published(`${address}/net.h5`), folder, silent)).rejects.toThrow(
          /is no longer there\. Without a network/,
        );
      },
    ));

  test('are found by --weights imagenet, in the folder MENAGERIE_CACHE', async () => {
    vi.stubEnv('MENAGERIE_CACHE', folder);
    const wanted = { ...WANTED, architecture: 'mobilenet-v1', width: 0.25, size: 128 };
    const entry = findPublicWeights('imagenet', { architecture: 'mobilenet-v1', width: 0.25, size: 128 })!;
    await writeAtomic(cachedPath(entry, folder), await readFile(join(FIXTURES, 'sample.h5')));
    expect(await openWeights('imagenet', wanted)).toMatchObject({
      name: `imagenet: ${entry.url}`,
      source: { naming: 'keras' },
    });
  });
});

describe('the table of well-known files', () => {
  test('has one for every network and width of the zoo', () => {
    for (const [name, { widths }] of Object.entries(ZOO)) {
      for (const width of widths) {
        const found = findPublicWeights('imagenet', { architecture: name as ZooName, width });
        expect(found, `${name} ${width}`).toMatchObject({ size: ZOO[name as ZooName].size });
      }
    }
  });

  test('has plain addresses, each once, and whole checksums', () => {
    expect(new Set(PUBLIC_WEIGHTS.map((w) => w.url)).size).toBe(PUBLIC_WEIGHTS.length);
    expect(new Set(PUBLIC_WEIGHTS.map((w) => cachedPath(w, ''))).size).toBe(PUBLIC_WEIGHTS.length);
    for (const { url, md5, sha256: hash, bytes } of PUBLIC_WEIGHTS) {
      expect(url).toMatch(/^https:\/\/[\w./-]+\.(h5|safetensors)$/);
      if (md5 !== null) expect(md5).toMatch(/^[0-9a-f]{32}$/);
      if (hash !== null) expect(hash).toMatch(/^[0-9a-f]{64}$/);
      if (bytes !== null) expect(bytes).toBeGreaterThan(1e6);
    }
  });

  test('takes the one trained at the nearest size, a larger one first', () => {
    const at = (size: number): number | undefined =>
      findPublicWeights('imagenet', { architecture: 'mobilenet-v2', width: 0.35, size })?.size;
    expect([64, 96, 112, 150, 300].map(at)).toEqual([96, 96, 128, 160, 224]);
  });
});
