import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { writeNpy } from '#shared/archive/npy.ts';
import { createRandom } from '#shared/dataset/random.ts';
import { confusedWeights } from '#shared/metrics/confused-weights.ts';
import type { ScoreTable } from '#shared/metrics/score-table.ts';
import { labelKey } from '#shared/schema/names.ts';

import { openScores, type Scores } from '../../run/scores-file.ts';
import { scratch } from '../../testing/shapes.ts';
import { measureScores } from './measure.ts';

const CLASSES = 500;
const MEBIBYTE = 2 ** 20;

async function scoresOf(rows: number): Promise<Scores> {
  const folder = await scratch();
  const random = createRandom(rows);
  const values = Float32Array.from({ length: rows * CLASSES }, () => 0.1 + random.next());
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * CLASSES, (row + 1) * CLASSES);
    const sum = own.reduce((a, b) => a + b, 0);
    own.forEach((value, c) => (own[c] = value / sum));
  }
  await writeFile(join(folder, 'scores.npy'), writeNpy(values, rows, CLASSES));
  const labels = Array.from({ length: CLASSES }, (_, c) => labelKey(`class ${c}`));
  const items = Array.from({ length: rows }, (_, row) => ({
    photo: row.toString(16).padStart(64, '0'),
    truth: labels[row % CLASSES],
  }));
  const sets = [{ name: 'test', from: 0, to: rows }];
  const index = {
    v: 2,
    model: 'run',
    labels,
    names: labels,
    file: 'scores.npy',
    sha256: '0'.repeat(64),
    rows,
    sets,
  };
  await writeFile(
    join(folder, 'index.json'),
    JSON.stringify({ ...index, items, unreadable: [], speed: null }),
  );
  return openScores(folder);
}

/** The same scores; notes the largest piece, and in how many they came. */
function watched(scores: Scores): { scores: Scores; largest: () => number; pieces: () => number } {
  let [largest, pieces] = [0, 0];
  const watch = async function* (...args: Parameters<Scores['pieces']>): AsyncGenerator<ScoreTable> {
    for await (const piece of scores.pieces(...args)) {
      largest = Math.max(largest, piece.scores.buffer.byteLength);
      pieces++;
      yield piece;
    }
  };
  return { scores: { ...scores, pieces: watch }, largest: () => largest, pieces: () => pieces };
}

function bytesKept(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, v) => sum + bytesKept(v), 0);
}

test('P5-21: memory does not grow with the rows: pieces of 4 MiB, and a few bytes an image are kept', async () => {
  for (const rows of [2200, 6600]) {
    const { scores, largest, pieces } = watched(await scoresOf(rows));
    const labels = scores.index.labels;
    const measured = await measureScores(
      scores,
      { from: 0, to: rows },
      { temperature: 1.5, weights: confusedWeights(labels, { v: 1, pairs: [] }) },
    );
    await scores.close();
    expect(largest()).toBeLessThanOrEqual(4 * MEBIBYTE);
    expect(pieces()).toBe(2 * Math.ceil((rows * CLASSES) / Math.floor(MEBIBYTE / CLASSES) / CLASSES));
    const { outcomes, tempered } = measured;
    expect((bytesKept(outcomes) + bytesKept(tempered)) / rows).toBeLessThan(64);
    expect(measured.ranking.classes).toHaveLength(CLASSES);
    expect(outcomes.truths).toHaveLength(rows);
  }
});
