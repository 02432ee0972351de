import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { dataSetRecord, PARTS, type DataSet } from '../schema/dataset.ts';
import { parseJson } from '../schema/json.ts';
import type { PhotoId } from '../schema/names.ts';
import { anyLibrary, idsOf } from '../testing/library.ts';
import { buildDataSet } from './build.ts';
import { popcount } from './hash-words.ts';
import type { DataSetInput } from './input.ts';
import { createRandom } from './random.ts';

const RUNS = { numRuns: 150, seed: 7 };

function forAll(holds: (input: DataSetInput, built: DataSet) => void): void {
  fc.assert(
    fc.property(anyLibrary, (input) => {
      holds(input, buildDataSet(input));
    }),
    RUNS,
  );
}

/** Where each photo went; 'benchmark' for those in one. */
function places(built: DataSet): [PhotoId, string][] {
  return [
    ...PARTS.flatMap((part) => idsOf(built[part]).map((id): [PhotoId, string] => [id, part])),
    ...built.benchmarks.flatMap((b) => b.items.map((i): [PhotoId, string] => [i.photo, 'benchmark'])),
  ];
}

function distance(a: string, b: string): number {
  const word = (h: string, at: number): number => parseInt(h.slice(at, at + 8), 16);
  return popcount(word(a, 0) ^ word(b, 0)) + popcount(word(a, 8) ^ word(b, 8));
}

describe('for every library', () => {
  test('nothing is lost: each photo is in exactly one place or left out for exactly one reason (P2-47)', () => {
    forAll((input, built) => {
      const all = [...places(built).map(([id]) => id), ...built.leftOut.map((l) => l.photo)];
      expect(all.sort()).toEqual(input.photos.map((p) => p.id).sort());
    });
  });

  test('no near-duplicates are in two parts, nor in a part and a benchmark (P2-31, design §2.3)', () => {
    forAll((input, built) => {
      const photos = new Map(input.photos.map((p) => [p.id, p]));
      const placed = places(built).map(([id, place]) => ({ photo: photos.get(id)!, place }));
      for (const a of placed)
        for (const b of placed) {
          if (a.place === b.place) continue;
          expect(distance(a.photo.hash, b.photo.hash)).toBeGreaterThan(input.options.duplicateDistance);
          expect(a.photo.pixels).not.toBe(b.photo.pixels);
        }
    });
  });

  test('benchmark photos are never in a part (P2-12)', () => {
    forAll((input, built) => {
      const frozen = new Set(input.benchmarks.flatMap((b) => b.items.map((i) => i.photo)));
      for (const part of PARTS) expect(idsOf(built[part]).filter((id) => frozen.has(id))).toEqual([]);
    });
  });

  test('caps are never exceeded: maximum in training and validation, staged cap (P2-03, P2-27)', () => {
    forAll(({ photos, options }, built) => {
      const origins = new Map(photos.map((p) => [p.id, p.origin]));
      for (const c of built.classes) {
        expect(c.training + c.validation).toBeLessThanOrEqual(options.maximum);
        const used = PARTS.flatMap((part) => built[part].filter((e) => e.class === c.id));
        const notReal = used.filter((e) => origins.get(e.photo) !== 'real').length;
        expect(notReal).toBeLessThanOrEqual(Math.max(0, options.stagedCap - c.real));
      }
    });
  });

  test('only classes with the minimum are in the model (P2-01, P2-38)', () => {
    forAll(({ options }, built) => {
      expect(built.labels).toEqual(built.classes.filter((c) => c.included).map((c) => c.id));
      for (const c of built.classes) {
        const all = c.real + Math.min(c.staged + c.synthetic, Math.max(0, options.stagedCap - c.real));
        expect(c.included).toBe(all >= options.minimum);
        expect(c.shortBy).toBe(Math.max(0, options.minimum - all));
        if (!c.included) expect(c.training + c.validation + c.test).toBe(0);
        else expect(c.training + c.validation + c.test).toBeGreaterThan(0);
      }
    });
  });

  test('only real photos overflow: with no test share the test set is real (P2-04, P2-46)', () => {
    forAll((input, built) => {
      if (input.options.split.test > 0) return;
      const origins = new Map(input.photos.map((p) => [p.id, p.origin]));
      expect(idsOf(built.test).filter((id) => origins.get(id) !== 'real')).toEqual([]);
    });
  });

  test('the order of the input does not matter: same photos and seed, same bytes (design §2.3)', () => {
    fc.assert(
      fc.property(anyLibrary, fc.nat(), (input, seed) => {
        const { shuffle } = createRandom(seed);
        const other = {
          ...input,
          photos: shuffle(input.photos),
          subClasses: shuffle(input.subClasses),
          benchmarks: shuffle(input.benchmarks),
        };
        expect(JSON.stringify(buildDataSet(other))).toBe(JSON.stringify(buildDataSet(input)));
      }),
      RUNS,
    );
  });

  test('the result is a valid record whose counts fit its lists', () => {
    forAll((_, built) => {
      expect(dataSetRecord.read(parseJson(JSON.stringify(built), 'built'), 'dataset.json')).toEqual(built);
      for (const part of PARTS)
        for (const c of built.classes)
          expect(built[part].filter((e) => e.class === c.id).length).toBe(c[part]);
      expect(built.testCovers).toBe(new Set(built.test.map((e) => e.class)).size);
    });
  });
});
