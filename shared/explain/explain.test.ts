/** Maps of made-up networks, whose answers are known (P6-20). */
import { describe, expect, test, vi } from 'vitest';

import { coverInput } from './cover.ts';
import { evidenceOf } from './evidence.ts';
import { explain, type Explanation } from './explain.ts';
import { findingsOf } from './findings.ts';
import { type Area, barsOf, type Cover, gridOn, windowAt, windowsOf } from './grid.ts';
import { type HeatMap, heatOf, heatOfAll, strengthsOf } from './heat.ts';

const WHOLE: Area = { left: 0, top: 0, width: 1, height: 1 };
const WIDE: Area = { left: 0, top: 0.2, width: 1, height: 0.6 };

const patch = (left: number, top: number, side = 0.2): Area => ({ left, top, width: side, height: side });

function hidden(one: Area, cover: Cover): number {
  const length = (a: number, aLong: number, b: number, bLong: number): number =>
    Math.max(0, Math.min(a + aLong, b + bLong) - Math.max(a, b));
  const parts = cover.map(
    (c) => length(one.left, one.width, c.left, c.width) * length(one.top, one.height, c.top, c.height),
  );
  return Math.min(1, parts.reduce((a, b) => a + b, 0) / (one.width * one.height));
}

/** A network whose log-odds fall by each patch's worth as it is hidden. */
const knows =
  (patches: readonly (readonly [Area, number])[]) =>
  (covers: readonly Cover[]): Promise<{ score: number; odds: number }[]> =>
    Promise.resolve(
      covers.map((cover) => ({
        score: 0.9,
        odds: 3 - patches.reduce((sum, [area, worth]) => sum + worth * hidden(area, cover), 0),
      })),
    );

const quiet = { progress: () => undefined, signal: new AbortController().signal, atOnce: 4 };

const mapOf = (patches: readonly (readonly [Area, number])[], picture: Area = WHOLE): Promise<Explanation> =>
  explain({ ...quiet, picture, ask: knows(patches) });

/** Middle of a cell in shares of the square. */
function middleOf({ picture, columns, rows }: HeatMap, cell: number): readonly [x: number, y: number] {
  return [
    picture.left + (((cell % columns) + 0.5) / columns) * picture.width,
    picture.top + ((Math.floor(cell / columns) + 0.5) / rows) * picture.height,
  ];
}

const hottest = (map: HeatMap): readonly [number, number] =>
  middleOf(map, map.heat.indexOf(Math.max(...map.heat)));

describe('the map of a patch lights the patch', () => {
  test.each([
    [0.1, 0.15],
    [0.4, 0.4],
    [0.72, 0.6],
  ])('at %d, %d', async (left, top) => {
    const { map } = await mapOf([[patch(left, top), 4]]);
    const [x, y] = hottest(map);
    expect(Math.abs(x - left - 0.1)).toBeLessThan(0.1);
    expect(Math.abs(y - top - 0.1)).toBeLessThan(0.1);
    // All heat lies where a window that touches the patch can lie.
    map.heat.forEach((value, cell) => {
      const [cx, cy] = middleOf(map, cell);
      const far = Math.max(Math.abs(cx - left - 0.1), Math.abs(cy - top - 0.1));
      if (far > 0.1 + 5 / 13 + 0.04) expect(value).toBe(0);
    });
  });

  test('two patches make two spots with less heat between them', async () => {
    const { map } = await mapOf([
      [patch(0.05, 0.1), 4],
      [patch(0.75, 0.7), 4],
    ]);
    const at = (x: number, y: number): number =>
      map.heat[Math.floor(y * map.rows) * map.columns + Math.floor(x * map.columns)]!;
    for (const spot of [at(0.15, 0.2), at(0.85, 0.8)]) {
      expect(spot).toBeGreaterThan(3 * at(0.5, 0.5));
      expect(spot).toBeGreaterThan(10 * Math.max(at(0.9, 0.1), at(0.1, 0.9)));
    }
  });

  test('in a wide photo the map lies on the picture, not on the bars', async () => {
    const { map } = await mapOf([[patch(0.7, 0.45), 4]], WIDE);
    expect(map.picture).toEqual(WIDE);
    expect([map.columns, map.rows]).toEqual([13, 7]);
    const [x, y] = hottest(map);
    expect([Math.abs(x - 0.8) < 0.1, Math.abs(y - 0.55) < 0.1]).toEqual([true, true]);
  });
});

describe('the grid', () => {
  test('windows are about square, stay inside the picture, and every second one is run', () => {
    for (const picture of [
      WHOLE,
      WIDE,
      { left: 0.3, top: 0, width: 0.4, height: 1 },
      { ...WIDE, height: 0.02 },
    ]) {
      const grid = gridOn(picture);
      expect([grid.columns % 2, grid.rows % 2]).toEqual([1, 1]);
      const windows = windowsOf(grid);
      expect(windows).toHaveLength(((grid.columns + 1) / 2) * ((grid.rows + 1) / 2));
      for (const { left, top, width, height } of windows) {
        expect(left).toBeGreaterThanOrEqual(picture.left - 1e-9);
        expect(top).toBeGreaterThanOrEqual(picture.top - 1e-9);
        expect(left + width).toBeLessThanOrEqual(picture.left + picture.width + 1e-9);
        expect(top + height).toBeLessThanOrEqual(picture.top + picture.height + 1e-9);
      }
    }
    const middle = windowAt(gridOn(WIDE), 6, 3);
    expect(Math.abs(Math.log(middle.width / middle.height))).toBeLessThan(0.15);
  });

  test('what is run comes to less than a third of all windows', () => {
    const grid = gridOn(WHOLE);
    expect((windowsOf(grid).length + 1) / (grid.columns * grid.rows)).toBeLessThan(0.3);
  });

  test('bars are found beside the picture, and none where it fills the square', () => {
    expect(barsOf(WHOLE)).toEqual([]);
    expect(barsOf(WIDE)).toHaveLength(2);
  });

  test('the same drop everywhere is the same heat everywhere', () => {
    const grid = gridOn(WIDE);
    const { heat } = heatOf(
      grid,
      windowsOf(grid)
        .fill(WHOLE)
        .map(() => 0.75),
    );
    expect(new Set(heat)).toEqual(new Set([0.75]));
  });
});

describe('the heat', () => {
  test('read off between windows that were run it is that of all windows, where it changes evenly', () => {
    const grid = gridOn(WHOLE);
    const slope = (column: number, row: number): number => 0.5 * column - 0.25 * row;
    const all = Float32Array.from({ length: 169 }, (_, cell) => slope(cell % 13, Math.floor(cell / 13)));
    const run = all.filter((_, cell) => (cell % 13) % 2 === 0 && Math.floor(cell / 13) % 2 === 0);
    expect(heatOf(grid, run)).toEqual(heatOfAll(grid, all));
  });

  test('is shown in shares of the most, and hardly where nothing mattered', () => {
    expect(strengthsOf({ heat: Float32Array.of(4, 2, 0, -4) })).toEqual(Float32Array.of(1, 0.5, 0, 0));
    expect(Math.max(...strengthsOf({ heat: Float32Array.of(0.1, 0.2, 0) }))).toBeLessThan(0.3);
  });
});

describe('what a map comes to', () => {
  const findings = async (patches: readonly (readonly [Area, number])[], picture = WHOLE): Promise<unknown> =>
    (await mapOf(patches, picture)).findings;

  test('one spot, by its place', async () => {
    expect(await findings([[patch(0.4, 0.4), 4]])).toEqual([
      { kind: 'looked', how: 'spot', at: { row: 'middle', column: 'middle' } },
    ]);
    expect(await findings([[patch(0.15, 0.65), 4]])).toMatchObject([
      { kind: 'looked', at: { row: 'bottom', column: 'left' } },
    ]);
  });

  test('all of the picture', async () => {
    const everywhere = [0.1, 0.4, 0.7].flatMap((x) => [0.1, 0.4, 0.7].map((y) => [patch(x, y), 2] as const));
    expect(await findings(everywhere)).toEqual([{ kind: 'spread' }]);
  });

  test('a mark in the corner lies at the edge', async () => {
    expect(await findings([[patch(0, 0, 0.06), 5]])).toEqual([
      { kind: 'looked', how: 'spot', at: { row: 'top', column: 'left' } },
      { kind: 'edge' },
    ]);
  });

  test('nothing mattered', async () => {
    expect(await findings([[patch(0.4, 0.4), 0.2]])).toEqual([{ kind: 'nothing' }]);
  });

  test('black bars that matter are named first', async () => {
    const bar = { left: 0, top: 0, width: 1, height: 0.15 };
    expect(await findings([[bar, 3]], WIDE)).toEqual([{ kind: 'bars' }]);
    expect(
      await findings(
        [
          [bar, 3],
          [patch(0.4, 0.4), 4],
        ],
        WIDE,
      ),
    ).toMatchObject([{ kind: 'bars' }, { kind: 'looked' }]);
  });

  test('a part that speaks against the class', async () => {
    expect(
      await findings([
        [patch(0.1, 0.1), 4],
        [patch(0.7, 0.7), -4],
      ]),
    ).toMatchObject([
      { kind: 'looked', at: { row: 'top', column: 'left' } },
      { kind: 'against', at: { row: 'bottom', column: 'right' } },
    ]);
  });

  test('no map, however odd, breaks it', () => {
    const map = { ...gridOn(WHOLE), heat: new Float32Array(169) };
    expect(findingsOf(map, 0)).toEqual([{ kind: 'nothing' }]);
    expect(findingsOf({ ...map, heat: map.heat.map(() => -2) }, -3)).toMatchObject([
      { kind: 'nothing' },
      { kind: 'against' },
    ]);
  });
});

describe('the runs of the network', () => {
  test('come a few at a time, the picture as it is first, with progress', async () => {
    const ask = vi.fn(knows([]));
    const progress = vi.fn();
    await explain({ ...quiet, picture: WHOLE, ask, progress });
    expect(ask.mock.calls[0]![0][0]).toEqual([]);
    expect(ask.mock.calls.map(([covers]) => covers.length)).toEqual([...Array<number>(12).fill(4), 2]);
    expect(progress.mock.calls.at(0)).toEqual([0, 50]);
    expect(progress.mock.calls.at(-1)).toEqual([50, 50]);
  });

  test('stop between two of them', async () => {
    const stop = new AbortController();
    const ask = vi.fn(knows([]));
    const progress = (done: number): void => {
      if (done >= 8) stop.abort();
    };
    const map = explain({ ...quiet, picture: WHOLE, ask, progress, signal: stop.signal });
    await expect(map).rejects.toThrow(/abort/i);
    expect(ask.mock.calls.length).toBeLessThanOrEqual(3);
  });
});

test('evidence is the odds against all others, sharp at both ends', () => {
  const sure = evidenceOf([1 - 1e-9, 4e-10, 6e-10], 0);
  expect(sure.odds).toBeCloseTo(Math.log(1e9), 3);
  expect(evidenceOf([1, 0, 0], 1)).toMatchObject({ score: 0 });
  expect(Number.isFinite(evidenceOf([1, 0, 0], 1).odds)).toBe(true);
});

describe('covering a part', () => {
  const SIZE = 56;
  const grounded = (colour: readonly number[]): Float32Array =>
    Float32Array.from({ length: SIZE * SIZE * 3 }, (_, i) => colour[i % 3]!);

  test('of a plain ground leaves no mark, and takes a spot away as if it had never been', () => {
    const plain = grounded([0.25, -0.5, 0.75]);
    const spotted = plain.slice();
    for (let y = 27; y < 29; y++) spotted.fill(1, (y * SIZE + 27) * 3, (y * SIZE + 29) * 3);
    const covers: Cover[] = [[], [patch(0.35, 0.35, 0.3)]];
    const out = coverInput(spotted, SIZE, WHOLE, covers);
    expect(out.subarray(0, plain.length)).toEqual(spotted);
    expect(out.subarray(plain.length)).toEqual(plain);
  });

  test('fades out around the part and ends sharply at the edge of the picture', () => {
    const stripes = Float32Array.from({ length: SIZE * SIZE * 3 }, (_, i) => (Math.floor(i / 3) % 2) * 2 - 1);
    const out = coverInput(stripes, SIZE, WHOLE, [[{ left: 0, top: 0.25, width: 0.5, height: 0.5 }]]);
    const contrast = (x: number): number =>
      Math.abs(out[(28 * SIZE + x) * 3]! - out[(28 * SIZE + x + 1) * 3]!);
    expect([contrast(0), contrast(12), contrast(40)]).toEqual([0, 0, 2]);
    const falling = [20, 24, 26, 28, 30, 34].map(contrast);
    expect(falling.toSorted((a, b) => a - b)).toEqual(falling);
    expect(contrast(27)).toBeCloseTo(1, 0);
  });

  test('the bars get the colour of the edge of the picture, and windows none of the bars’', () => {
    const wide = grounded([0.5, 0.5, 0.5]);
    const bar = Math.round(0.2 * SIZE) * SIZE * 3;
    wide.fill(-1, 0, bar).fill(-1, wide.length - bar);
    const [bars, window] = [barsOf(WIDE), [windowAt(gridOn(WIDE), 0, 0)]];
    const out = coverInput(wide, SIZE, WIDE, [bars, window]);
    expect(new Set(out.subarray(0, wide.length))).toEqual(new Set([0.5]));
    expect(out.subarray(wide.length)).toEqual(wide);
  });
});
