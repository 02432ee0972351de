/** Small libraries for tests of the data-set build. */
import * as fc from 'fast-check';

import type { Benchmark } from '../schema/benchmark.ts';
import type { DataSetInput } from '../dataset/input.ts';
import type { DataSetOptions } from '../schema/dataset.ts';
import type { MergeRule, SubClass } from '../schema/label.ts';
import { labelKey, PhotoId, type LabelId } from '../schema/names.ts';
import { freshPhoto, ORIGINS, type Photo } from '../schema/photo.ts';

import * as v from 'valibot';

const AT = '2026-01-02T03:04:05.000Z';

/** The n-th photo id. */
export function photoId(n: number): PhotoId {
  return v.parse(PhotoId, n.toString(16).padStart(64, '0'));
}

/** A scrambled perceptual hash: different numbers hardly ever come near each other. */
export function farHash(n: number): string {
  return (Math.imul(n + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0') + scramble(n);
}

function scramble(n: number): string {
  let h = Math.imul(n + 77, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0).toString(16).padStart(8, '0');
}

/** A photo with pixels and a hash of its own. */
export function photo(n: number, subClass: string | null, rest: Partial<Photo> = {}): Photo {
  const facts = freshPhoto({
    id: photoId(n),
    fileName: `${n}.jpg`,
    bytes: 1000,
    width: 640,
    height: 480,
    source: 'folder',
    addedAt: AT,
    addedBy: '',
    origin: 'real',
    label: subClass === null ? null : { kind: 'sub-class', id: labelKey(subClass), by: '', at: AT },
    canonicalSize: 299,
    pixels: photoId(n),
    hash: farHash(n),
  });
  return { ...facts, ...rest };
}

/** `count` photos numbered from `from`. */
export function photos(from: number, count: number, subClass: string, rest: Partial<Photo> = {}): Photo[] {
  return Array.from({ length: count }, (_, i) => photo(from + i, subClass, rest));
}

export function subClass(name: string): SubClass {
  return { v: 2, id: labelKey(name), name, createdAt: AT, createdBy: '', flop: true };
}

export function mergeRule(name: string, ...subClasses: string[]): MergeRule {
  return { v: 1, id: labelKey(name), name, subClasses: subClasses.map(labelKey), note: '' };
}

export function benchmark(
  name: string,
  kind: Benchmark['kind'],
  items: readonly (readonly [number, string | null])[],
): Benchmark {
  return {
    v: 1,
    id: labelKey(name),
    name,
    kind,
    frozenAt: AT,
    items: items.map(([n, truth]) => ({
      photo: photoId(n),
      truth: truth === null ? null : labelKey(truth),
    })),
  };
}

const NAMES = ['ape', 'bear', 'cat', 'dog', 'elk'];

const options: fc.Arbitrary<DataSetOptions> = fc
  .record({
    minimum: fc.integer({ min: 1, max: 8 }),
    room: fc.integer({ min: 0, max: 20 }),
    stagedCap: fc.integer({ min: 0, max: 12 }),
    split: fc.constantFrom(
      { training: 90, validation: 10, test: 0 },
      { training: 80, validation: 10, test: 10 },
      { training: 40, validation: 30, test: 30 },
    ),
    seed: fc.integer({ min: 0, max: 0xffffffff }),
    duplicateDistance: fc.constantFrom(0, 4, 6),
  })
  .map(({ room, ...rest }) => ({ ...rest, maximum: rest.minimum + room }));

/** One photo: most hashes lie in a few clusters, so that near-duplicate groups form, some across classes. */
const anyPhoto = fc.record({
  subClass: fc.option(fc.constantFrom(...NAMES), { freq: 20 }),
  origin: fc.constantFrom(...ORIGINS, 'real' as const, 'real' as const),
  excluded: fc.integer({ min: 0, max: 15 }).map((n) => n === 0),
  twin: fc.option(fc.nat(40), { freq: 4 }),
  cluster: fc.option(fc.nat(12), { freq: 2 }),
  flip: fc.nat(255),
});

/** Libraries with merge rules, all origins, exact copies, near-duplicates and benchmarks. */
export const anyLibrary: fc.Arbitrary<DataSetInput> = fc
  .record({
    photos: fc.array(anyPhoto, { minLength: 0, maxLength: 120 }),
    merged: fc.boolean(),
    frozen: fc.array(fc.nat(119), { maxLength: 8 }),
    options,
  })
  .map(({ photos: drawn, merged, frozen, options: chosen }) => {
    const all = drawn.map((p, n) =>
      photo(n, p.subClass, {
        origin: p.origin,
        excluded: p.excluded,
        ...(p.cluster === null ? {} : { hash: clusterHash(p.cluster, p.flip) }),
        ...(p.twin === null ? {} : { pixels: photoId(100_000 + p.twin), hash: farHash(100_000 + p.twin) }),
      }),
    );
    const numbers = [...new Set(frozen)].filter((n) => n < all.length);
    return {
      photos: all,
      subClasses: NAMES.map(subClass),
      mergeRules: merged ? [mergeRule('pet', 'cat', 'dog')] : [],
      benchmarks: [
        benchmark(
          'tricks',
          'out-of-scope',
          numbers.filter((n) => n % 2 === 0).map((n) => [n, n % 4 === 0 ? 'ape' : null]),
        ),
        benchmark(
          'hard',
          'difficult',
          numbers.filter((n) => n % 2 === 1).map((n) => [n, NAMES[n % NAMES.length] ?? null]),
        ),
      ],
      options: chosen,
    };
  });

function clusterHash(cluster: number, flip: number): string {
  return farHash(50_000 + cluster).slice(0, 14) + flip.toString(16).padStart(2, '0');
}

/** Ids of the photos in a part. */
export function idsOf(part: readonly { readonly photo: PhotoId; readonly class: LabelId }[]): PhotoId[] {
  return part.map((e) => e.photo);
}
