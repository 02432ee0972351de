import { describe, expect, test } from 'vitest';

import type { LabelId, PhotoId } from '../schema/names.ts';
import { freshPhoto, type Photo } from '../schema/photo.ts';
import { nearestExamples, newestExamples, type ExampleQuestion } from './examples.ts';
import { SeenPhotos } from './seen-photos.ts';
import { ToldPhotos } from './told-photos.ts';

/** Photos in a circle: the smaller the difference of their numbers, the more they look alike. */
function circle(count: number, labelOf: (n: number) => string): { seen: SeenPhotos; told: ToldPhotos } {
  const [seen, told] = [new SeenPhotos(8), new ToldPhotos()];
  for (let n = 0; n < count; n++) {
    const angle = (n / count) * 2 * Math.PI;
    seen.see(String(n), Float32Array.of(Math.cos(angle), Math.sin(angle), 0, 0, 0, 0, 0, 0));
    told.tell(String(n), { label: labelOf(n), hash: hashOf(n), fit: true });
  }
  return { seen, told };
}

/** Eight bits away from every other one, up to 255. */
const hashOf = (n: number): string => n.toString(16).padStart(2, '0').repeat(8);

const question = (change: Partial<ExampleQuestion> = {}): ExampleQuestion => ({
  photo: '10',
  of: ['lion'],
  but: [],
  count: 3,
  ...change,
});
const nobody = new Set<string>();

describe('examples of a class (P3-58)', () => {
  const { seen, told } = circle(40, (n) => (n % 2 === 0 ? 'lion' : n % 3 === 0 ? 'lioness' : 'otter'));
  const nearest = (change: Partial<ExampleQuestion> = {}, doubted: ReadonlySet<string> = nobody): string[] =>
    nearestExamples(seen, told, question(change), doubted);

  test('are its photos nearest to the one in question, nearest first, never that one itself', () => {
    const found = nearest({ count: 4 });
    expect(found.slice(0, 2).toSorted()).toEqual(['12', '8']);
    expect(found.slice(2).toSorted()).toEqual(['14', '6']);
    expect(nearest({ of: ['lioness'], count: 1 })).toEqual(['9']);
    expect(nearest({ of: ['lion', 'lioness'], count: 1 })).toEqual(['9']);
  });

  test('"another one" goes down the list to its end', () => {
    const all = nearest({ count: 99 });
    expect(all).toHaveLength(19);
    const one = nearest({ count: 1 });
    const two = nearest({ count: 1, but: one });
    expect([...one, ...two]).toEqual(all.slice(0, 2));
    expect(nearest({ count: 1, but: all })).toEqual([]);
  });

  test('never are a near-duplicate, nor one of that, nor a faulty or excluded photo', () => {
    const change = (n: number, hash: string, fit = true): void => {
      told.tell(String(n), { label: 'lion', hash, fit });
    };
    const first = nearest({ count: 1 })[0] ?? '';
    change(8, '0a0a0a0a0a0a0a0f');
    change(12, '0a0a0a0a0a0a0f0f');
    change(6, hashOf(6), false);
    told.tell('14', { label: null, hash: hashOf(14), fit: false });
    expect(['8', '12']).toContain(first);
    expect(nearest({ count: 2 }).toSorted()).toEqual(['16', '4']);
    // Chains hang together: six bits from the photo, but two from its near-duplicate.
    change(16, '0a0a0a0a0a0f0f0f');
    expect(nearest({ count: 1 })).toEqual(['4']);
    told.tell('10', { label: null, hash: hashOf(10), fit: false });
    expect(nearest({ count: 1 })).toEqual(['4']);
    for (const n of [6, 8, 10, 12, 14, 16]) change(n, hashOf(n));
  });

  test('are those whose own label is doubted only after all others', () => {
    expect(nearest({ count: 2 }, new Set(['8', '12'])).toSorted()).toEqual(['14', '6']);
    expect(
      nearest({ count: 99 }, new Set(['8', '12']))
        .slice(-2)
        .toSorted(),
    ).toEqual(['12', '8']);
  });

  test('follow labels as they change, and there are none for a photo that was not seen', () => {
    told.tell('8', { label: 'otter', hash: hashOf(8), fit: true });
    expect(nearest({ count: 1 })).toEqual(['12']);
    told.tell('8', { label: 'lion', hash: hashOf(8), fit: true });
    expect(nearest({ photo: 'never seen' })).toEqual([]);
    expect(nearest({ of: ['no such label'] })).toEqual([]);
  });
});

test('where nothing can be compared, examples come newest first, by the same rules', () => {
  const list = [0, 1, 2, 3, 4, 5, 6].map((n) => photo(n));
  const [, b, c, d] = list as [Photo, Photo, Photo, Photo];
  const photos = list
    .with(1, { ...b, faults: ['blurry'] })
    .with(2, { ...c, excluded: true })
    .with(3, {
      ...d,
      hash: photo(6).hash,
    });
  const wish = question({ photo: photo(6).id, count: 9 });
  const found = newestExamples(photos, wish, [photo(0).id]);
  expect(found).toEqual([4, 5, 0].map((n) => photo(n).id));
  expect(newestExamples(photos, { ...wish, of: ['otter'] }, [])).toEqual([]);
});

function photo(n: number): Photo {
  const at = '2026-05-01T10:00:00.000Z';
  return freshPhoto({
    id: String(n).padStart(64, '0') as PhotoId,
    fileName: `${String(n)}.jpg`,
    bytes: 1000,
    width: 400,
    height: 300,
    source: 'file',
    addedAt: at,
    addedBy: 'Ada',
    origin: 'real',
    label: { kind: 'sub-class', id: 'lion' as LabelId, by: 'Ada', at },
    canonicalSize: 299,
    pixels: '0'.repeat(64),
    hash: hashOf(n * 7),
  });
}
