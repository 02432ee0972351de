import { describe, expect, test } from 'vitest';

import { CompactVectors } from './compact-vectors.ts';
import { FEWEST, Learner, marginOf } from './learner.ts';
import { mostAlike, oddOnes } from './likeness.ts';
import { createRandom } from './random.ts';
import { SeenPhotos } from './seen-photos.ts';

const DIMS = 640;

/** Photos in clusters, as a network without negative features sees them: `lion 3` lies in the cluster of lions. */
function zoo(counts: Readonly<Record<string, number>>, dims = DIMS): SeenPhotos {
  const seen = new SeenPhotos(dims);
  for (const [cluster, count] of Object.entries(counts)) {
    const middle = noise(dims, cluster.length * 31 + cluster.charCodeAt(0));
    for (let i = 0; i < count; i++) {
      const own = noise(dims, cluster.charCodeAt(1) * 1000 + i);
      seen.see(
        `${cluster} ${String(i)}`,
        middle.map((value, k) => Math.max(0, value + (own[k] as number))),
      );
    }
  }
  return seen;
}

function noise(dims: number, seed: number): Float32Array {
  const { next } = createRandom(seed);
  return Float32Array.from({ length: dims }, () => next() + next() + next() - 1.2);
}

const labelled = (cluster: string, count: number, label = cluster): [string, string][] =>
  Array.from({ length: count }, (_, i) => [`${cluster} ${String(i)}`, label]);

function taught(seen: SeenPhotos, labels: readonly (readonly [string, string])[]): Learner {
  const learner = new Learner(seen);
  learn(learner, labels);
  return learner;
}

function learn(learner: Learner, labels: Iterable<readonly [string, string]>): number[] {
  return [...learner.learn(labels)];
}

describe('a head that learns', () => {
  const seen = zoo({ gazelle: 20, lion: 60, otter: 60 });
  const many = [...labelled('lion', 40), ...labelled('otter', 40)];

  test('knows a new label after a handful of examples beside others with many', () => {
    const learner = taught(seen, [...many, ...labelled('gazelle', FEWEST)]);
    for (let i = FEWEST; i < 20; i++)
      expect(learner.suggest(`gazelle ${String(i)}`, 3)[0]?.label, String(i)).toBe('gazelle');
    for (let i = 40; i < 60; i++) expect(learner.suggest(`lion ${String(i)}`, 3)[0]?.label).toBe('lion');
    expect(learner.knowledge).toEqual({ photos: 83, labels: 3 });
  });

  test('never suggests a label with too few examples', () => {
    const learner = taught(seen, [...many, ...labelled('gazelle', FEWEST - 1)]);
    expect(
      learner
        .suggest('gazelle 9', 9)
        .map((guess) => guess.label)
        .sort(),
    ).toEqual(['lion', 'otter']);
    expect(learner.knowledge).toEqual({ photos: 80, labels: 2 });
  });

  test('knows nothing from one label, or of a photo that was not seen', () => {
    const one = taught(seen, labelled('lion', 30));
    expect([one.knowledge, one.suggest('lion 50', 3), one.margin]).toEqual([null, [], null]);
    const two = taught(seen, [...many, ...labelled('unseen', 30)]);
    expect(two.knowledge?.labels).toBe(2);
    expect(two.suggest('unseen 1', 3)).toEqual([]);
  });

  test('gives the same answers for the same labels, in whatever order they were told', () => {
    const [a, b] = [taught(seen, many), taught(seen, many.toReversed())];
    expect(a.suggest('otter 50', 3)).toEqual(b.suggest('otter 50', 3));
  });

  test('goes on from what it knew when labels come and go, and scores add up to 1', () => {
    const learner = taught(seen, many);
    const rounds = learn(learner, [...many, ...labelled('gazelle', 5)]).length;
    expect(rounds).toBeLessThan(learn(new Learner(seen), many).length);
    const guesses = learner.suggest('gazelle 9', 3);
    expect(guesses[0]?.label).toBe('gazelle');
    expect(guesses.reduce((sum, guess) => sum + guess.score, 0)).toBeCloseTo(1, 5);
    learn(learner, many);
    expect(learner.suggest('gazelle 9', 3).map((guess) => guess.label)).not.toContain('gazelle');
  });

  test('answers with what it knew while it learns, and a run that is dropped changes nothing', () => {
    const learner = taught(seen, many);
    const before = learner.suggest('gazelle 9', 3);
    const run = learner.learn([...many, ...labelled('gazelle', 5)]);
    run.next();
    expect(learner.suggest('gazelle 9', 3)).toEqual(before);
  });

  test('says whether it learnt from the very photo', () => {
    const learner = taught(seen, many);
    expect([learner.isTaughtBy('lion 3'), learner.isTaughtBy('lion 50')]).toEqual([true, false]);
  });

  test('learns from so few numbers as a tiny network has', () => {
    const learner = taught(zoo({ lion: 12, otter: 12 }, 8), [
      ...labelled('lion', 8),
      ...labelled('otter', 8),
    ]);
    expect(learner.suggest('otter 10', 1)[0]?.label).toBe('otter');
  });
});

describe('orders by likeness', () => {
  const seen = zoo({ gazelle: 20, lion: 20, otter: 20 });
  const all = ['gazelle', 'lion', 'otter'].flatMap((cluster) =>
    labelled(cluster, 20).map(([photo]) => photo),
  );

  test('most alike: the photo itself, then those of its kind', () => {
    const order = mostAlike(seen, ['lion 4'], all);
    expect(order[0]).toBe('lion 4');
    expect(order.slice(0, 20).every((photo) => photo.startsWith('lion'))).toBe(true);
    expect(mostAlike(seen, ['never seen'], all)).toEqual([]);
  });

  test('odd one out: the photo whose label is wrong comes first', () => {
    const lions = [...labelled('lion', 12).map(([photo]) => photo), 'otter 7'];
    expect(oddOnes(seen, lions)[0]).toBe('otter 7');
    expect(oddOnes(seen, lions)).toHaveLength(13);
  });

  test('a photo that is seen again counts as it looks now', () => {
    const again = zoo({ lion: 5, otter: 5 });
    const [values, width] = [new Float32Array(DIMS).fill(1), again.width];
    again.see('lion 0', values);
    expect([again.count, again.width]).toEqual([10, width]);
    expect(mostAlike(again, ['lion 1'], ['lion 0', 'lion 2'])).toEqual(['lion 2', 'lion 0']);
    again.forget('lion 0');
    expect([again.count, mostAlike(again, ['lion 1'], ['lion 0', 'lion 2'])]).toEqual([9, ['lion 2']]);
  });

  test('unsure is who has the smallest margin', () => {
    expect(marginOf([0.5, 0.4, 0.1])).toBeCloseTo(0.1);
    expect(marginOf([1])).toBe(1);
  });
});

describe('compact vectors', () => {
  test('keep angles: 256 numbers of eight bits in place of 1280', () => {
    const [dims, count] = [1280, 40];
    const compact = new CompactVectors(dims);
    const vectors = Array.from({ length: count }, (_, i) => noise(dims, 100 + i));
    for (const vector of vectors) compact.add(vector);
    const rows = vectors.map((_, i) => {
      const out = new Float32Array(compact.width);
      compact.read(i, out);
      return out;
    });
    expect(compact.width).toBe(256);
    for (let i = 1; i < count; i++)
      expect(Math.abs(cosine(rows[0]!, rows[i]!) - cosine(vectors[0]!, vectors[i]!))).toBeLessThan(0.2);
  });

  test('are only rounded where they are short, and nothing stays nothing', () => {
    const compact = new CompactVectors(8);
    compact.add(Float32Array.of(3, 0, 0, 0, 0, 4, 0, 0));
    compact.add(Float32Array.of(4, 0, 0, 0, 0, 3, 0, 0));
    compact.add(new Float32Array(8));
    const rows = [0, 1, 2].map((row) => {
      const out = new Float32Array(8);
      compact.read(row, out);
      return out;
    });
    expect(cosine(rows[0]!, rows[1]!)).toBeCloseTo(0.96, 1);
    expect(rows[2]).toEqual(new Float32Array(8));
    expect(() => compact.add(new Float32Array(9))).toThrow('a vector of 9, expected 8');
  });
});

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, k) => sum + value * y[k]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
