import { blackPixels, type Pixels } from './pixels.ts';

/** Grey between the pictures, so that black corners and padding are seen. */
const GAP = 6;
const GREY = 128;

/**
 * Pictures of one size in rows on grey, to be looked at.
 * @throws RangeError where there is no picture or a size differs
 */
export function contactSheet(rows: readonly (readonly Pixels[])[]): Pixels {
  const first = rows[0]?.[0];
  if (!first) throw new RangeError('a contact sheet needs a picture');
  const { width, height } = first;
  const columns = Math.max(...rows.map((row) => row.length));
  const sheet = blackPixels(columns * (width + GAP) + GAP, rows.length * (height + GAP) + GAP);
  sheet.data.fill(GREY);
  rows.forEach((row, y) => {
    row.forEach((picture, x) => {
      if (picture.width !== width || picture.height !== height)
        throw new RangeError(`${picture.width} × ${picture.height} pixels among ${width} × ${height}`);
      place(sheet, picture, GAP + x * (width + GAP), GAP + y * (height + GAP));
    });
  });
  return sheet;
}

function place(sheet: Pixels, { width, height, data }: Pixels, left: number, top: number): void {
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width * 3, (y + 1) * width * 3);
    sheet.data.set(row, ((top + y) * sheet.width + left) * 3);
  }
}
