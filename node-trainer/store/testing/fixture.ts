import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DEFAULT_DATA_SET_OPTIONS } from '#shared/schema/dataset.ts';
import { type CardGate, NOT_JUDGED } from '#shared/schema/gate.ts';
import { type FileEntry, type ModelCard, modelCardRecord } from '#shared/schema/model.ts';

import { writeAtomic } from '../../io/atomic.ts';
import { sha256 } from '../../io/hash.ts';
import type { Publication } from '../publish.ts';

/** A folder of its own for one test. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'menagerie-store-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Something to publish: small files that stand for a network, different for each `content`. */
export async function publication(
  folder: string,
  content: string,
  more: Partial<ModelCard> = {},
): Promise<Publication> {
  const files = join(folder, `export-${content}`);
  const names = ['model.json', 'labels.json', 'weights.bin', 'report/metrics.json'];
  const entries: FileEntry[] = [];
  for (const path of names) {
    const bytes = new TextEncoder().encode(`${path} ${content} ${'.'.repeat(5000)}`);
    await writeAtomic(join(files, path), bytes);
    entries.push({ path, bytes: bytes.length, sha256: sha256(bytes) });
  }
  const card = (given: { version: number; publishedAt: string }): Promise<ModelCard> =>
    Promise.resolve(modelCardRecord.read({ ...CARD, files: entries, ...more, ...given }, 'card'));
  const gate = (): Promise<CardGate> => Promise.resolve(more.gate ?? NOT_JUDGED);
  return { store: join(folder, 'models'), files, card, gate, now: () => new Date('2026-05-01T10:00:00Z') };
}

const CARD = {
  v: 2,
  createdAt: '2026-05-01T09:00:00.000Z',
  library: { name: 'Zoo', exportId: 'e', photos: 120 },
  canonicalSize: 299,
  architecture: { name: 'mobilenet-v2', width: 1, parameters: 10 },
  preprocessing: { size: 224, range: [-1, 1], resize: 'letterbox' },
  threshold: 0.95,
  recipe: 'head-only',
  options: [['seed', '1']],
  dataSet: {
    options: DEFAULT_DATA_SET_OPTIONS,
    sha256: 'a'.repeat(64),
    training: 100,
    validation: 10,
    test: 10,
    classes: 2,
    testCovers: 2,
  },
  weights: 'random',
  engine: 'cpu',
  trainingSeconds: 1,
  metrics: [],
  gate: NOT_JUDGED,
  throwAway: false,
  network: { model: 'model.json', labels: 'labels.json' },
};
