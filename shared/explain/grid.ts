/** A rectangle in shares of the square canonical image, 0 … 1 from the top left. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The picture inside its black bars, cut into cells that are about square. Both counts are odd. */
export interface Grid {
  readonly picture: Area;
  readonly columns: number;
  readonly rows: number;
}

/** What is covered in one run of the network; nothing: the picture as it is. */
export type Cover = readonly Area[];

/** Cells along the longer side of the picture. */
const CELLS = 13;
/** Cells that a window covers along each side: 69 of 224 pixels, about the size of a head. */
export const WINDOW = 4;

/** @param picture where the canonical image is not black padding */
export function gridOn(picture: Area): Grid {
  const longest = Math.max(picture.width, picture.height);
  const cells = (side: number): number => 2 * Math.round(((CELLS * side) / longest - 1) / 2) + 1;
  return {
    picture,
    columns: Math.max(3, cells(picture.width)),
    rows: Math.max(3, cells(picture.height)),
  };
}

/** The window in the middle of which a cell lies, cut off at the edge of the picture. */
export function windowAt(grid: Grid, column: number, row: number): Area {
  const { picture, columns, rows } = grid;
  const [left, right] = span(column, columns);
  const [top, bottom] = span(row, rows);
  return {
    left: picture.left + left * picture.width,
    top: picture.top + top * picture.height,
    width: (right - left) * picture.width,
    height: (bottom - top) * picture.height,
  };
}

/** Begin and end of the window around a cell, in shares of the picture. */
function span(cell: number, cells: number): readonly [number, number] {
  const [from, to] = [cell + 0.5 - WINDOW / 2, cell + 0.5 + WINDOW / 2];
  return [Math.max(0, from) / cells, Math.min(cells, to) / cells];
}

/**
 * The windows that are really run, row by row: every second one along both sides. Neighbours then still share half of
 * what they cover, so that what the windows between them would have said can be read off; see `heatOf`.
 */
export function windowsOf(grid: Grid): Area[] {
  const windows: Area[] = [];
  for (let row = 0; row < grid.rows; row += 2) {
    for (let column = 0; column < grid.columns; column += 2) windows.push(windowAt(grid, column, row));
  }
  return windows;
}

/** The black bars beside the picture; none where it fills the square. */
export function barsOf({ left, top, width, height }: Area): Area[] {
  const [right, bottom] = [left + width, top + height];
  return [
    { left: 0, top: 0, width: 1, height: top },
    { left: 0, top: bottom, width: 1, height: 1 - bottom },
    { left: 0, top, width: left, height },
    { left: right, top, width: 1 - right, height },
  ].filter((bar) => bar.width > 0.01 && bar.height > 0.01);
}
