/** A server's model store in memory, for tests. */
import { labelKey, versionFolder, type ModelVersion } from '#shared/schema/names.ts';
import { DEFAULT_DATA_SET_OPTIONS } from '#shared/schema/dataset.ts';
import { NOT_JUDGED } from '#shared/schema/gate.ts';
import type { Catalog, ModelCard } from '#shared/schema/model.ts';
import { vi } from 'vitest';

import { sha256 } from '../../platform/hash.ts';
import { openDatabase } from '../../storage/db.ts';
import { modelDatabase } from '../../storage/model-db.ts';
import { probeNetwork } from '../../workers/probe.ts';

const AT = '2026-05-01T10:00:00.000Z';
const NAMES = ['Lion', 'Lynx', 'Otter', 'Red Panda'];

export interface Store {
  /** Path below `/models/` → bytes. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  /** Publishes a version with the next sequence number. `change` alters files before their hashes are taken. */
  readonly publish: (
    version: number,
    change?: (files: Map<string, Uint8Array<ArrayBuffer>>) => void,
  ) => Promise<void>;
  /** Writes the catalog anew. */
  readonly pointTo: (version: number, sequence: number) => Promise<void>;
  readonly fetch: typeof fetch;
}

export function createStore(): Store {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let sequence = 0;

  const pointTo = async (version: number, at: number): Promise<void> => {
    sequence = at;
    const versions: Catalog['versions'] = [];
    for (const [path, bytes] of files) {
      if (!path.endsWith('/card.json')) continue;
      const card = { bytes: bytes.length, sha256: await sha256(bytes) };
      versions.push({ version: Number(path.split('/')[0]) as ModelVersion, publishedAt: AT, card });
    }
    const catalog: Catalog = { v: 1, sequence, current: version as ModelVersion, versions };
    files.set('catalog.json', encode(catalog));
  };

  const publish: Store['publish'] = async (version, change) => {
    const own = networkFiles();
    change?.(own);
    const entries: ModelCard['files'] = [];
    for (const [path, bytes] of own) {
      entries.push({ path, bytes: bytes.length, sha256: await sha256(bytes) });
      files.set(`${versionFolder(version)}/${path}`, bytes);
    }
    files.set(`${versionFolder(version)}/card.json`, encode(cardOf(version as ModelVersion, entries)));
    await pointTo(version, sequence + 1);
  };

  const serve: typeof fetch = (input) => {
    const path = new URL(input instanceof Request ? input.url : input, location.href).pathname.replace(
      '/models/',
      '',
    );
    const bytes = files.get(path);
    return Promise.resolve(bytes ? new Response(bytes) : new Response('not found', { status: 404 }));
  };
  return { files, publish, pointTo, fetch: serve };
}

/** A store that answers in the server's place, to a device that holds no version. Tests restore `fetch` afterwards. */
export async function serveStore(): Promise<Store> {
  const store = createStore();
  vi.spyOn(globalThis, 'fetch').mockImplementation(store.fetch);
  const db = await openDatabase(modelDatabase, () => undefined);
  await db.write(['versions', 'state'], async (tx) => {
    await tx.objectStore('versions').clear();
    await tx.objectStore('state').clear();
  });
  db.close();
  return store;
}

function networkFiles(): Map<string, Uint8Array<ArrayBuffer>> {
  const { file, weights } = probeNetwork();
  const labels = NAMES.map((name) => ({ id: labelKey(name), name, subClasses: [labelKey(name)], note: '' }));
  return new Map([
    ['labels.json', encode({ v: 1, labels })],
    ['model.json', encode(file)],
    ['weights.bin', new Uint8Array(weights)],
  ]);
}

function cardOf(version: ModelVersion, files: ModelCard['files']): ModelCard {
  return {
    v: 2,
    version,
    createdAt: AT,
    publishedAt: AT,
    library: { name: 'Test zoo', exportId: crypto.randomUUID(), photos: 0 },
    canonicalSize: 299,
    architecture: { name: 'probe', width: 1, parameters: 340 },
    preprocessing: { size: 16, range: [-1, 1], resize: 'letterbox' },
    threshold: 0.95,
    recipe: 'head-only',
    options: [],
    dataSet: {
      options: DEFAULT_DATA_SET_OPTIONS,
      sha256: '0'.repeat(64),
      training: 0,
      validation: 0,
      test: 0,
      classes: 4,
      testCovers: 0,
    },
    weights: 'random',
    engine: 'cpu',
    trainingSeconds: 0,
    metrics: [],
    gate: NOT_JUDGED,
    throwAway: false,
    network: { model: 'model.json', labels: 'labels.json' },
    files,
  };
}

function encode(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}
