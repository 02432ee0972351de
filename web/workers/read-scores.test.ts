import { describe, expect, test } from 'vitest';

import { npyHeader, writeNpy } from '#shared/archive/npy.ts';
import { createRandom } from '#shared/dataset/random.ts';
import { outcomesOf } from '#shared/metrics/outcomes.ts';
import { photoIdAt } from '#shared/metrics/photo-ids.ts';
import { truthsOf } from '#shared/metrics/score-index.ts';
import { scoreTable } from '#shared/metrics/score-table.ts';
import { Sha256 } from '#shared/metrics/sha256.ts';
import { topFiveAt } from '#shared/metrics/top-five.ts';
import { labelKey } from '#shared/schema/names.ts';
import type { ScoresIndex } from '#shared/schema/scores.ts';
import { pickScores } from './pick-scores.ts';
import { type ReadScores, readScores, ScoresRefused } from './read-scores.ts';
import { asFile, photoOf, smallScores } from './testing/scores.ts';

const nothing = (): void => undefined;

function read(index: ScoresIndex, file: Uint8Array, size = 77, bytes = file.length): Promise<ReadScores> {
  return readScores(index, inParts(file, size), bytes, nothing);
}

async function* inParts(file: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += size) yield await Promise.resolve(file.subarray(at, at + size));
}

/** Two pieces and a bit, of a thousand classes. */
function largeScores(): { matrix: Uint8Array; index: ScoresIndex; values: Float32Array } {
  const [rows, classes] = [2200, 1000];
  const random = createRandom(3);
  const values = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const of = values.subarray(row * classes, (row + 1) * classes).fill(0.2 / classes);
    const best = random.int(classes);
    of[best] = (of[best] ?? 0) + 0.8;
  }
  const matrix = writeNpy(values, rows, classes);
  const labels = Array.from({ length: classes }, (_, c) => labelKey(`class ${String(c)}`));
  const items = Array.from({ length: rows }, (_, row) => ({
    photo: photoOf(row),
    truth: row % 50 === 0 ? null : (labels[row % classes] ?? null),
  }));
  const sets = [{ name: 'test', from: 0, to: rows }];
  const sha256 = new Sha256().update(matrix).hex();
  return {
    matrix,
    values,
    index: { ...smallScores().index, labels, names: labels, rows, sets, items, sha256 },
  };
}

describe('a matrix that is read piece by piece', () => {
  test('comes to the outcomes of the whole of it, whatever the parts', async () => {
    const { matrix, index, values } = largeScores();
    const whole = outcomesOf(scoreTable(1000, values, truthsOf(index)));
    for (const size of [999_983, 5_000_000]) {
      const { outcomes, photos, top } = await read(index, matrix, size);
      expect(outcomes).toEqual(whole);
      expect(photoIdAt(photos, 2199)).toBe(photoOf(2199));
      expect(topFiveAt(top, 2150)[0]).toEqual({
        label: whole.best[2150],
        score: whole.bestScores[2150],
      });
    }
  });

  test('tells how far it is', async () => {
    const { matrix, index } = largeScores();
    const told: number[] = [];
    await readScores(index, inParts(matrix, 1 << 20), matrix.length, (loaded, total) => {
      told.push(loaded / total);
    });
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.length).toBeGreaterThan(2);
    expect(told.at(-1)).toBe(1);
  });
});

describe('what is not the matrix of its index is refused in words', () => {
  const { matrix, index } = smallScores();
  const altered = matrix.slice();
  // Two scores of one row swapped: still a softmax, another file.
  const view = new DataView(altered.buffer, altered.length - 16);
  const [a, b] = [view.getFloat32(0, true), view.getFloat32(4, true)];
  view.setFloat32(0, b, true);
  view.setFloat32(4, a, true);
  const notScores = matrix.slice();
  new DataView(notScores.buffer).setFloat32(matrix.length - 4, 7, true);

  test.each<[string, ScoresIndex, Uint8Array, RegExp]>([
    ['one byte altered', index, altered, /damaged: their SHA-256/],
    ['values that are no scores', index, notScores, /row 9: 7 is not a score/],
    ['cut in the middle', index, matrix.subarray(0, -8), /do not belong together|cut off/],
    ['an index of fewer photos', { ...index, items: index.items.slice(1) }, matrix, /index of 9 photos/],
    ['an index of other classes', { ...index, labels: index.labels.slice(1) }, matrix, /and 3 classes/],
    [
      'sets that reach beyond the rows',
      { ...index, sets: [{ name: 'test', from: 5, to: 11 }] },
      matrix,
      /do not belong together/,
    ],
    ['not a numpy file', index, new Uint8Array(500), /not a numpy file/],
    ['empty', index, new Uint8Array(), /cut off/],
    [
      'a header alone that promises a billion rows',
      { ...index, rows: 999_999_999 },
      npyHeader(999_999_999, 4),
      /do not belong together/,
    ],
  ])('%s', async (_name, of, file, words) => {
    await expect(read(of, file)).rejects.toThrow(words);
  });

  test('a file that is cut while it is read', async () => {
    await expect(read(index, matrix.subarray(0, -8), 77, matrix.length)).rejects.toThrow(/cut off/);
    await expect(read(index, new Uint8Array([...matrix, 0]), 77, matrix.length)).rejects.toThrow(/SHA-256/);
  });
});

describe('files that a person picked', () => {
  const { matrix, index, metrics } = smallScores();

  test('are told apart by what is in them, in any order and by any name', async () => {
    const files = [
      asFile('b.txt', metrics),
      asFile('scores (1).bin', index),
      asFile('photo.jpg', new Uint8Array([0xff, 0xd8])),
      asFile('run.json', { v: 2, library: 'zoo' }),
      asFile('index.json', matrix),
    ];
    const picked = await pickScores(files);
    expect(picked.matrix.name).toBe('index.json');
    expect(picked.index).toEqual(index);
    expect(picked.metrics).toEqual(metrics);
    expect(picked.indexSha256).toBe(
      new Sha256().update(new TextEncoder().encode(JSON.stringify(index))).hex(),
    );
  });

  test('figures of another run are passed over', async () => {
    const other = { ...metrics, labels: metrics.labels.slice(1) };
    const files = [asFile('a', matrix), asFile('b', index), asFile('c', other)];
    expect((await pickScores(files)).metrics).toBeNull();
  });

  test.each<[string, File[], RegExp]>([
    ['no matrix', [asFile('index.json', index)], /The matrix scores\.npy is not among these files\. Choose/],
    ['no index', [asFile('scores.npy', matrix)], /index\.json, is not among/],
    ['two matrices', [asFile('a', matrix), asFile('b', matrix), asFile('c', index)], /there 2 times/],
  ])('%s is said in words', async (_name, files, words) => {
    await expect(pickScores(files)).rejects.toThrow(ScoresRefused);
    await expect(pickScores(files)).rejects.toThrow(words);
  });

  test('an index with a key that could reach a prototype is refused by name', async () => {
    const text = JSON.stringify(index).replace('"v":2', '"__proto__":{"x":1},"v":2');
    const files = [asFile('scores.npy', matrix), new File([text], 'index.json')];
    await expect(pickScores(files)).rejects.toThrow(/index\.json: the key "__proto__" is not allowed/);
  });
});
