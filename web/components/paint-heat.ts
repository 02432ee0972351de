import { type HeatMap, strengthsOf } from '#shared/explain/heat.ts';

/** Pixels a cell: enough for the canvas to be smooth at any size it is shown at. */
const DETAIL = 16;
/** How much of the photo the dark and the glow hide at most. */
const DARK = 0.78;
const GLOW = 0.5;

/**
 * Night where nothing mattered, clear at half of the most, the colour of the sun above it: blue-black and orange differ in
 * lightness, too, so nobody needs to tell colours apart. What spoke against the class is as dark as what said nothing.
 */
export function paintHeat(canvas: HTMLCanvasElement, map: HeatMap): void {
  const { columns, rows } = map;
  const small = new OffscreenCanvas(columns, rows);
  const cells = small.getContext('2d');
  const paint = canvas.getContext('2d');
  if (!cells || !paint) return;
  const style = getComputedStyle(canvas);
  const [night, sun] = [style.getPropertyValue('--heat-none'), style.getPropertyValue('--heat-most')];
  strengthsOf(map).forEach((share, cell) => {
    cells.fillStyle = share < 0.5 ? night : sun;
    cells.globalAlpha = share < 0.5 ? DARK * (1 - 2 * share) : GLOW * (2 * share - 1);
    cells.fillRect(cell % columns, Math.floor(cell / columns), 1, 1);
  });
  canvas.width = columns * DETAIL;
  canvas.height = rows * DETAIL;
  paint.imageSmoothingQuality = 'high';
  paint.drawImage(small, 0, 0, canvas.width, canvas.height);
}
