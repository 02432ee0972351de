import type { Rect } from './canonical.ts';
import type { Pixels } from './pixels.ts';

/** Brightest value (0 … 255) that still counts as black padding; above zero because re-encoding adds a little noise. */
const BLACK = 16;

/** Whether a row (`step` 1) or a column (`step` = width) of `count` pixels from pixel `first` is black. */
export function isBlack(picture: Pixels, first: number, step: number, count: number): boolean {
  for (let i = 0, at = first * 3; i < count; i++, at += step * 3) {
    for (let c = 0; c < 3; c++) if ((picture.data[at + c] as number) > BLACK) return false;
  }
  return true;
}

/** The smallest rectangle outside which a picture is black; null for one that is black all over. */
export function contentRect(picture: Pixels): Rect | null {
  const { width, height } = picture;
  const blackRow = (y: number): boolean => isBlack(picture, y * width, 1, width);
  const blackColumn = (x: number): boolean => isBlack(picture, x, width, height);
  let top = 0;
  while (top < height && blackRow(top)) top++;
  if (top === height) return null;
  let bottom = height;
  while (blackRow(bottom - 1)) bottom--;
  let left = 0;
  while (blackColumn(left)) left++;
  let right = width;
  while (blackColumn(right - 1)) right--;
  return { left, top, width: right - left, height: bottom - top };
}
