import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { photoIdAt } from '#shared/metrics/photo-ids.ts';
import { OUT_OF_SCOPE } from '#shared/metrics/score-table.ts';
import { PUBLISHED_SCORES } from '#shared/schema/scores.ts';
import { fetchCatalog, type Listed } from '../storage/model-fetch.ts';
import { openPicked, openPublished } from '../workers/open-scores.ts';
import { readFacts } from '../workers/read-evidence.ts';
import { asFile, LABELS, photoOf, smallScores } from '../workers/testing/scores.ts';
import type { EvidenceState, OpenScores } from './contract-evidence.ts';
import { createEvidence } from './evidence.svelte.ts';
import { createStore, type Store } from './testing/published.ts';

const signal = new AbortController().signal;
const nothing = (): void => undefined;
const { matrix, index, metrics } = smallScores();
const encode = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

let store: Store;

beforeEach(() => {
  store = createStore();
  vi.spyOn(globalThis, 'fetch').mockImplementation(withRanges(store.fetch));
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** The test's server, with ranges. */
function withRanges(serve: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await serve(input, init);
    const range = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get('Range') ?? '');
    if (!response.ok || !range) return response;
    const [from, to] = [Number(range[1]), Number(range[2])];
    const bytes = await response.arrayBuffer();
    const headers = { 'Content-Range': `bytes ${from}-${to}/${bytes.byteLength}` };
    return new Response(bytes.slice(from, to + 1), { status: 206, headers });
  };
}

function publishWithScores(version: number): Promise<void> {
  return store.publish(version, (files) => {
    files.set('report/metrics.json', encode(metrics));
    files.set(PUBLISHED_SCORES.index, encode(index));
    files.set(PUBLISHED_SCORES.matrix, matrix);
  });
}

async function listedOf(version: number): Promise<Listed> {
  return (await fetchCatalog(signal))!.versions.find((one) => one.version === version)!;
}

describe('the list of published versions', () => {
  test('is empty, full, newest first, and says which one guests get', async () => {
    const evidence = createEvidence();
    expect(evidence.status).toEqual({ kind: 'loading' });
    await evidence.refresh();
    expect(evidence.status).toEqual({ kind: 'none' });
    await store.publish(1);
    await store.publish(2);
    await store.pointTo(1, 5);
    await evidence.refresh();
    expect(evidence.status).toMatchObject({
      kind: 'ready',
      versions: [
        { version: 2, current: false, card: { kind: 'given', value: { version: 2 } } },
        { version: 1, current: true, card: { kind: 'given', value: { threshold: 0.95 } } },
      ],
    });
  });

  test('has a line for a version whose card is damaged, with the reason', async () => {
    await store.publish(1);
    await store.publish(2);
    const text = new TextDecoder().decode(store.files.get('002/card.json')).replace('0.95', '0.10');
    store.files.set('002/card.json', new TextEncoder().encode(text));
    const evidence = createEvidence();
    await evidence.refresh();
    const reason = expect.stringMatching(/card\.json is damaged/) as string;
    expect(evidence.status).toMatchObject({
      versions: [
        { version: 2, card: { kind: 'absent', reason } },
        { version: 1, card: { kind: 'given' } },
      ],
    });
  });

  test('says in words that it can’t be read, and stays when it was read before', async () => {
    const evidence = createEvidence();
    vi.mocked(fetch).mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await evidence.refresh();
    expect(evidence.status).toEqual({ kind: 'failed', message: 'The server cannot be reached.' });
    await store.publish(1);
    await evidence.refresh();
    vi.mocked(fetch).mockRejectedValue(new TypeError('Failed to fetch'));
    await evidence.refresh();
    expect(evidence.status).toMatchObject({ kind: 'ready', versions: [{ version: 1 }] });
    await expect(evidence.evidence(9, signal)).rejects.toThrow(/Version 9 is not in the list/);
  });
});

describe('the full scores of a version (P3-20 … P3-27)', () => {
  test.each(['in ranges', 'as one stream'])('come from the server %s', async (way) => {
    await publishWithScores(7);
    if (way === 'as one stream') vi.mocked(fetch).mockImplementation(store.fetch);
    const told: number[] = [];
    const progress = (loaded: number, total: number): void => void told.push(loaded / total);
    const desk = await openPublished(await listedOf(7), progress, signal);
    expect(told).toEqual([1]);
    expect(desk.facts).toEqual({
      version: 7,
      labels: LABELS,
      threshold: 0.95,
      rows: 10,
      sets: [
        { name: 'training', kind: null, rows: 4 },
        { name: 'test', kind: null, rows: 2 },
        { name: 'benchmark:shade', kind: 'difficult', rows: 2 },
        { name: 'benchmark:pranks', kind: 'out-of-scope', rows: 2 },
      ],
    });
    expect(desk.figures(0.95).checks.map(({ check, outcome }) => [check, outcome])).toEqual([
      ['difficult-true-positive', 'failed'],
      ['difficult-false-positive', 'failed'],
      ['out-of-scope-false-positive', 'failed'],
    ]);
  });

  test('one byte altered on the way is refused', async () => {
    await publishWithScores(7);
    const bytes = store.files.get(`007/${PUBLISHED_SCORES.matrix}`)!.slice();
    bytes[bytes.length - 4]! ^= 1;
    store.files.set(`007/${PUBLISHED_SCORES.matrix}`, bytes);
    await expect(openPublished(await listedOf(7), nothing, signal)).rejects.toThrow(/damaged/);
  });

  test('a matrix that is not the one of its index is refused', async () => {
    await store.publish(7, (files) => {
      files.set(PUBLISHED_SCORES.index, encode({ ...index, sha256: '1'.repeat(64) }));
      files.set(PUBLISHED_SCORES.matrix, matrix);
    });
    await expect(openPublished(await listedOf(7), nothing, signal)).rejects.toThrow(/not those of its index/);
  });

  test('a version without them says so, and which files will do', async () => {
    await store.publish(7);
    await expect(openPublished(await listedOf(7), nothing, signal)).rejects.toThrow(
      /Version 7 was published without its full scores\. Choose scores\.npy and index\.json/,
    );
    expect(await readFacts(await listedOf(7), signal)).toMatchObject({ metrics: null, training: null });
  });

  test('files of a run that was published are known to be those of that version', async () => {
    await publishWithScores(7);
    const published = await listedOf(7);
    const { card } = await readFacts(published, signal);
    const files = [asFile('index.json', index), asFile('scores.npy', matrix)];
    const desk = await openPicked(files, [{ published, card }], nothing, signal);
    expect(desk.facts).toMatchObject({ version: 7, threshold: 0.95 });
    expect(desk.facts.sets[2]).toMatchObject({ kind: 'difficult' });
    vi.mocked(fetch).mockRejectedValue(new TypeError('Failed to fetch'));
    const offline = await openPicked(files, [{ published, card }], nothing, signal);
    expect(offline.facts).toMatchObject({ version: 7, threshold: 0.95 });
    expect(offline.facts.sets[2]).toMatchObject({ kind: null });
  });
});

describe('scores of picked files, in their worker', () => {
  const files = [asFile('index.json', index), asFile('scores.npy', matrix), asFile('metrics.json', metrics)];
  let evidence: EvidenceState;
  let scores: OpenScores;

  beforeEach(async () => {
    evidence = createEvidence();
    scores = await evidence.openScores({ kind: 'files', files }, nothing, signal);
  });

  afterEach(() => {
    scores.close();
  });

  test('give every figure at any threshold, and the photos behind it', async () => {
    expect(scores).toMatchObject({ version: null, threshold: 0.9, rows: 10, labels: LABELS });
    const [high, low] = [await scores.figures(0.95), await scores.figures(0.5)];
    expect(high.sets.map(({ report }) => [report.truePositive, report.falsePositive])).toEqual([
      [0.5, 0],
      [0, 0.5],
      [0, 0.5],
      [0, 0.5],
    ]);
    expect(low.sets[0]?.report).toMatchObject({ truePositive: 0.75, falsePositive: 0.25, below: 0 });
    expect([...low.sets[0]!.classes.support]).toEqual([1, 1, 1, 1]);
    expect(low.checks).toHaveLength(3);
    const otters = low.sets[3]!.wrongAnswers;
    expect([otters.truths[0], otters.guesses[0], otters.counts[0]]).toEqual([OUT_OF_SCOPE, 2, 1]);

    const ask = { set: null, truth: 1, guess: 0, outcome: 'any', answers: 'answered' } as const;
    const cell = await scores.photosOf({ ...ask, threshold: 0.95, order: 'surest' }, 1);
    expect(cell).toEqual({
      total: 2,
      photos: [
        {
          row: 7,
          photo: photoOf(7),
          set: 'benchmark:shade',
          truth: 1,
          best: 0,
          bestScore: Math.fround(0.98),
          truthScore: Math.fround(0.01),
        },
      ],
    });
    expect(await scores.topOf(2)).toEqual([
      { label: 0, score: Math.fround(0.6) },
      { label: 2, score: Math.fround(0.2) },
      { label: 1, score: Math.fround(0.1) },
      { label: 3, score: Math.fround(0.1) },
    ]);
    const all = await scores.verdicts();
    expect(photoIdAt(all.photos, 9)).toBe(photoOf(9));
    expect([...all.truths]).toEqual([0, 1, 2, 3, 1, 2, 0, 1, OUT_OF_SCOPE, OUT_OF_SCOPE]);
  });

  test('a question is answered in words once they are closed', async () => {
    scores.close();
    await expect(scores.figures(0.9)).rejects.toThrow(/closed\. Open them again/);
  });

  test('wrong files are refused in words; a cancelled opening ends with the reason', async () => {
    await expect(
      evidence.openScores({ kind: 'files', files: files.slice(1) }, nothing, signal),
    ).rejects.toThrow(/index\.json, is not among these files/);
    const cancel = new AbortController();
    const opening = evidence.openScores({ kind: 'files', files }, nothing, cancel.signal);
    cancel.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
  });
});
