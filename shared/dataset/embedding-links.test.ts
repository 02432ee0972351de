import { describe, expect, test } from 'vitest';

import { CompactVectors } from './compact-vectors.ts';
import { embeddingLinks } from './embedding-links.ts';
import { createRandom } from './random.ts';

const DIMS = 320;

/** About normal, seeded. */
function normal(next: () => number): number {
  return next() + next() + next() + next() + next() + next() - 3;
}

/** Embeddings that all have much in common, every tenth one a copy of the one before, moved by `noise`. */
function planted(count: number, noise: number): Float32Array[] {
  const { next } = createRandom(5);
  const common = Float32Array.from({ length: DIMS }, () => 2 + normal(next));
  const list: Float32Array[] = [];
  for (let i = 0; i < count; i++) {
    const before = i % 10 === 9 ? (list[i - 1] as Float32Array) : null;
    list.push(
      before
        ? before.map((value) => value + noise * normal(next))
        : common.map((value) => value + normal(next)),
    );
  }
  return list;
}

function linksOf(embeddings: readonly Float32Array[], most: number): ReturnType<typeof embeddingLinks> {
  const vectors = new CompactVectors(DIMS);
  for (const embedding of embeddings) vectors.add(embedding);
  return embeddingLinks(vectors, most);
}

describe('photos that a network sees as nearly the same are linked (P2-35)', () => {
  test('near copies are found, photos that only have the place in common are not', () => {
    const links = linksOf(planted(2000, 0.2), 10);
    const pairs = new Set(Array.from(links.a, (a, i) => `${String(a)} ${String(links.b[i])}`));
    const wanted = Array.from({ length: 200 }, (_, i) => `${String(10 * i + 8)} ${String(10 * i + 9)}`);
    expect(wanted.filter((pair) => pairs.has(pair)).length).toBeGreaterThan(190);
    expect(pairs.size).toBeLessThan(205);
  });

  test('equal embeddings are at distance 0, whatever the others are', () => {
    const list = planted(100, 0);
    const { a, b, distance } = linksOf(list, 0);
    expect(Array.from(a, (first, i) => [first, b[i]]).sort(([x = 0], [y = 0]) => x - y)).toEqual(
      Array.from({ length: 10 }, (_, i) => [10 * i + 8, 10 * i + 9]),
    );
    expect([...distance]).toEqual(Array.from({ length: 10 }, () => 0));
  });

  test('distances are about 100 · (1 − cosine) of the centred embeddings', () => {
    const list = planted(3000, 0.45);
    const { a, b, distance } = linksOf(list, 10);
    const means = Float64Array.from(
      { length: DIMS },
      (_, k) => list.reduce((s, e) => s + (e[k] ?? 0), 0) / 3000,
    );
    const off = Array.from(
      a,
      (first, i) => (distance[i] ?? 0) - 100 * (1 - cosine(list, means, first, b[i] ?? 0)),
    );
    expect(off.length).toBeGreaterThan(50);
    expect(Math.abs(off.reduce((sum, d) => sum + d, 0) / off.length)).toBeLessThan(2);
  });

  test('no embeddings, or equal ones only, are no trouble', () => {
    expect(linksOf([], 5).a).toHaveLength(0);
    const same = new Float32Array(DIMS).fill(1);
    expect(linksOf([same, same, same], 5).a.length).toBeLessThanOrEqual(3);
  });
});

function cosine(list: readonly Float32Array[], means: Float64Array, a: number, b: number): number {
  let [dot, x, y] = [0, 0, 0];
  for (const [k, mean] of means.entries()) {
    const p = (list[a]?.[k] ?? 0) - mean;
    const q = (list[b]?.[k] ?? 0) - mean;
    dot += p * q;
    x += p * p;
    y += q * q;
  }
  return dot / Math.sqrt(x * y);
}
