import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { discriminantHead, Moments } from './discriminant-head.ts';
import { groupedFolds } from './folds.ts';
import { findLabelErrors, type LabelErrors } from './label-errors.ts';
import { FOLDS, labelFolds, type LabelledPhoto } from './label-folds.ts';
import { createRandom } from './random.ts';
import { SeenPhotos } from './seen-photos.ts';
import { scoreRow } from './softmax-head.ts';

const DIMS = 64;
const KINDS = ['gazelle', 'impala', 'lion', 'otter'];

/** Far from every other hash. */
const hashOf = (n: number): string => {
  const random = createRandom(n + 1);
  return Array.from({ length: 16 }, () => random.int(16).toString(16)).join('');
};

/** Photos in clusters that overlap a little, some of them under another label. */
function zoo(perKind: number, wrongEvery: number) {
  const seen = new SeenPhotos(DIMS);
  const random = createRandom(11);
  const middles = KINDS.map(() => Float32Array.from({ length: DIMS }, random.next));
  const photos: LabelledPhoto[] = [];
  const wrong = new Set<string>();
  for (let i = 0; i < perKind * KINDS.length; i++) {
    const kind = i % KINDS.length;
    const photo = `photo ${String(i).padStart(4, '0')}`;
    seen.see(
      photo,
      (middles[kind] as Float32Array).map((value) => value + 0.8 * (random.next() - 0.5)),
    );
    if (i % wrongEvery === 0) wrong.add(photo);
    const shown = wrong.has(photo) ? (kind + 1 + random.int(KINDS.length - 1)) % KINDS.length : kind;
    photos.push({ photo, label: KINDS[shown] as string, hash: hashOf(i) });
  }
  return { seen, photos, wrong };
}

function errorsOf(
  seen: SeenPhotos,
  photos: Iterable<LabelledPhoto>,
): { found: LabelErrors; shares: number[] } {
  const run = findLabelErrors(seen, photos, 4);
  const shares: number[] = [];
  for (;;) {
    const step = run.next();
    if (step.done === true) return { found: step.value, shares };
    shares.push(step.value);
  }
}

describe('labels that heads doubt which never saw the photo', () => {
  const { seen, photos, wrong } = zoo(60, 13);
  const { found, shares } = errorsOf(seen, photos);

  test('are most of the planted errors and hardly any others, the surest first, with what they rather show', () => {
    const hits = found.errors.filter(({ photo }) => wrong.has(photo));
    expect(hits.length).toBeGreaterThan(0.8 * wrong.size);
    expect(found.errors.length - hits.length).toBeLessThan(0.1 * wrong.size);
    expect(found).toMatchObject({ photos: 240, labels: 4, leftOut: [], unseen: 0 });
    expect(found.errors[0]?.rules).toEqual(['noise-rate', 'class', 'confident']);
    for (const { photo, given, suggested, selfConfidence, margin } of hits) {
      expect(given).toBe(photos.find((one) => one.photo === photo)?.label);
      expect(suggested).toBe(KINDS[Number(photo.slice(6)) % KINDS.length]);
      expect([selfConfidence < 0.5, margin < 0.5]).toEqual([true, true]);
    }
  });

  test('come with progress, and are the same in whatever order photos were told', () => {
    expect(shares.every((share, i) => share >= (shares[i - 1] ?? 0) && share <= 1)).toBe(true);
    expect(errorsOf(seen, photos.toReversed()).found).toEqual(found);
  });

  test('labels with fewer than five photos that are no near-duplicates are told as left out', () => {
    const burst = Array.from({ length: 9 }, (_, i) => ({
      photo: `burst ${String(i)}`,
      label: 'zebra',
      hash: hashOf(9000).replace(/.$/, (i % 2).toString()),
    }));
    const few = photos.slice(0, 4).map((one, i) => ({ ...one, photo: `few ${String(i)}`, label: 'yak' }));
    for (const { photo } of [...burst, ...few]) seen.see(photo, new Float32Array(DIMS).fill(1));
    const more = errorsOf(seen, [
      ...photos,
      ...burst,
      ...few,
      { photo: 'not seen', label: 'lion', hash: hashOf(1) },
    ]);
    expect(more.found).toMatchObject({
      photos: 240,
      labels: 4,
      leftOut: [
        { label: 'yak', photos: 4 },
        { label: 'zebra', photos: 9 },
      ],
      unseen: 1,
    });
    for (const { photo } of [...burst, ...few]) seen.forget(photo);
  });

  test('with one label there is nothing to doubt', () => {
    const lions = photos.filter(({ label }) => label === 'lion');
    expect(errorsOf(seen, lions).found).toMatchObject({ errors: [], photos: 0, labels: 0 });
    expect(errorsOf(new SeenPhotos(DIMS), photos).found).toMatchObject({ photos: 0, unseen: 240 });
  });

  test('near-duplicates are in the same fold, whatever their labels', () => {
    const twins = photos.map((one, i) => (i % 10 === 1 ? { ...one, hash: hashOf(i - 1) } : one));
    const { items, folds } = labelFolds(seen, twins, 4);
    const foldOf = new Map(items.map(({ photo }, i) => [photo, folds[i]]));
    twins.forEach(({ photo }, i) => {
      if (i % 10 === 1) expect(foldOf.get(photo)).toBe(foldOf.get(twins[i - 1]?.photo ?? ''));
    });
  });
});

test('folds: no group in two of them, each label spread evenly, the same for the same seed', () => {
  const item = fc.record({ label: fc.integer({ min: 0, max: 4 }), group: fc.integer({ min: 0, max: 200 }) });
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 300 }), (items) => {
      const labels = Int32Array.from(items, ({ label }) => label);
      const groups = Int32Array.from(items, ({ group }) => group);
      const folds = groupedFolds(labels, groups, FOLDS, 3);
      expect(groupedFolds(labels, groups, FOLDS, 3)).toEqual(folds);
      const ofGroup = new Map<number, number>();
      groups.forEach((group, i) => {
        expect(ofGroup.get(group) ?? folds[i]).toBe(folds[i]);
        ofGroup.set(group, folds[i] as number);
      });
    }),
    { numRuns: 50, seed: 5 },
  );
  const labels = Int32Array.from({ length: 100 }, (_, i) => (i < 90 ? 0 : 1));
  const folds = groupedFolds(labels, Int32Array.from(labels.keys()), FOLDS, 3);
  for (let fold = 0; fold < FOLDS; fold++)
    for (const [label, count] of [
      [0, 18],
      [1, 2],
    ])
      expect(folds.filter((own, i) => own === fold && labels[i] === label)).toHaveLength(count as number);
});

describe('a discriminant head', () => {
  test('from sums of parts is the one from all rows, knows its classes, and never gives one without rows', () => {
    const random = createRandom(4);
    const rowOf = (label: number): Float32Array =>
      Float32Array.from({ length: 16 }, (_, k) => (k === label ? 3 : 0) + random.next());
    const [all, ...parts] = [0, 1, 2].map(() => new Moments(16, 4)) as [Moments, Moments, Moments];
    for (let i = 0; i < 90; i++) {
      const row = rowOf(i % 3);
      all.add(row, i % 3);
      parts[i % 2]?.add(row, i % 3);
    }
    const joined = new Moments(16, 4);
    for (const part of parts) joined.addAll(part);
    const [head, same] = [discriminantHead(all), discriminantHead(joined)];
    head.kernel.forEach((value, at) => {
      expect(value).toBeCloseTo(same.kernel[at] as number, 4);
    });
    const scores = new Float32Array(4);
    for (let label = 0; label < 3; label++) {
      scoreRow(head, rowOf(label), 0, scores);
      expect(scores.indexOf(Math.max(...scores))).toBe(label);
      expect(scores[3]).toBe(0);
    }
  });

  test('stands rows that do not vary', () => {
    const moments = new Moments(4, 2);
    for (const label of [0, 1, 0, 1]) moments.add(new Float32Array(4).fill(1), label);
    const scores = new Float32Array(2);
    scoreRow(discriminantHead(moments), new Float32Array(4).fill(1), 0, scores);
    expect([...scores]).toEqual([0.5, 0.5]);
  });
});
