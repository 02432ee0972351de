import { type Grid, WINDOW } from './grid.ts';

/** How much each part of a picture spoke for a class. */
export interface HeatMap extends Grid {
  /**
   * By cell, row by row: by how much the logarithm of the class's odds falls when the windows over the cell are covered,
   * in the mean. Below zero: that part spoke against the class.
   */
  readonly heat: Float32Array;
}

/** The share of a cell, so many cells away, that a window covers. */
const overlap = (cells: number): number => Math.min(1, Math.max(0, (WINDOW + 1) / 2 - Math.abs(cells)));

/**
 * The map from what covering each window of `windowsOf` took away: windows that were not run are read off between their
 * neighbours.
 * @param drops fall of the log-odds, in the order of `windowsOf`
 */
export function heatOf(grid: Grid, drops: ArrayLike<number>): HeatMap {
  const { columns, rows } = grid;
  const across = (columns + 1) / 2;
  const every = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) every[y * columns + x] = between(drops, across, x / 2, y / 2);
  }
  return heatOfAll(grid, every);
}

/**
 * The map from the window of every cell: a cell's heat is the mean over all windows that cover it, each counting by how
 * much of the cell it covers.
 * @param drops fall of the log-odds by cell, row by row
 */
export function heatOfAll(grid: Grid, drops: Float32Array): HeatMap {
  const { columns } = grid;
  const heat = drops.map((_, cell) => meanOver(drops, grid, cell % columns, Math.floor(cell / columns)));
  return { ...grid, heat };
}

/** Bilinear: exact on a measured window, the mean of two or four neighbours between them. */
function between(drops: ArrayLike<number>, across: number, x: number, y: number): number {
  const [left, right, top, bottom] = [Math.floor(x), Math.ceil(x), Math.floor(y), Math.ceil(y)];
  const at = (column: number, row: number): number => drops[row * across + column] as number;
  return (at(left, top) + at(right, top) + at(left, bottom) + at(right, bottom)) / 4;
}

function meanOver(every: Float32Array, { columns, rows }: Grid, x: number, y: number): number {
  const reach = Math.floor(WINDOW / 2);
  let [sum, weights] = [0, 0];
  for (let row = Math.max(0, y - reach); row <= Math.min(rows - 1, y + reach); row++) {
    for (let column = Math.max(0, x - reach); column <= Math.min(columns - 1, x + reach); column++) {
      const weight = overlap(column - x) * overlap(row - y);
      sum += weight * (every[row * columns + column] as number);
      weights += weight;
    }
  }
  return sum / weights;
}

/** A part matters when covering it takes a third off the odds. */
export const MATTERS = Math.log(1.5);

/**
 * How strongly to show each cell, 0 … 1 of the hottest one. Where hardly anything mattered nothing is shown strongly, so
 * that noise does not glow; what spoke against the class is 0.
 */
export function strengthsOf({ heat }: Pick<HeatMap, 'heat'>): Float32Array {
  const most = heat.reduce((a, b) => Math.max(a, b), 2 * MATTERS);
  return heat.map((value) => Math.max(0, value) / most);
}
