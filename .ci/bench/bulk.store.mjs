// A model store in the page's own memory. @returns what takes the place of `fetch`
import { DEFAULT_DATA_SET_OPTIONS } from '../../shared/schema/dataset.ts';
import { NOT_JUDGED } from '../../shared/schema/gate.ts';
import { versionFolder } from '../../shared/schema/names.ts';
import { sha256 } from '../../web/platform/hash.ts';

const AT = '2026-01-01T00:00:00.000Z';

export async function publish(versions) {
  const files = new Map();
  const listed = [];
  for (const one of versions) {
    const card = await putVersion(files, one);
    listed.push({ version: one.version, publishedAt: AT, card });
  }
  files.set('catalog.json', encode({ v: 1, sequence: 1, current: 1, versions: listed }));
  const before = globalThis.fetch.bind(globalThis);
  return (input, init) => {
    const path = /\/models\/(.*)$/.exec(String(input))?.[1];
    if (path === undefined) return before(input, init);
    const bytes = files.get(path);
    return Promise.resolve(new Response(bytes ?? 'not found', { status: bytes ? 200 : 404 }));
  };
}

async function putVersion(files, { version, file, weights, labels }) {
  const own = { 'labels.json': encode({ v: 1, labels }), 'model.json': encode(file), 'weights.bin': weights };
  const entries = [];
  for (const [path, bytes] of Object.entries(own)) {
    files.set(`${versionFolder(version)}/${path}`, bytes);
    entries.push({ path, bytes: bytes.length, sha256: await sha256(bytes) });
  }
  const card = encode(cardOf(version, file, entries));
  files.set(`${versionFolder(version)}/card.json`, card);
  return { bytes: card.length, sha256: await sha256(card) };
}

function cardOf(version, { preprocessing, classes }, files) {
  const counts = { training: 0, validation: 0, test: 0, classes, testCovers: 0 };
  return {
    v: 2,
    version,
    createdAt: AT,
    publishedAt: AT,
    library: { name: 'Bench', exportId: 'bench', photos: 0 },
    canonicalSize: 299,
    architecture: { name: 'mobilenet-v2', width: 1, parameters: 1 },
    preprocessing,
    threshold: 0.95,
    recipe: 'head-only',
    options: [],
    dataSet: { options: DEFAULT_DATA_SET_OPTIONS, sha256: '0'.repeat(64), ...counts },
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

function encode(value) {
  return new TextEncoder().encode(JSON.stringify(value));
}
