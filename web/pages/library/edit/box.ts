/** Moving and sizing a box inside a picture, in fractions of it. */
import type { Box } from '#shared/image/framing.ts';

/** Smallest width and height, so that a box can always be taken hold of. */
export const LEAST = 0.05;

export type Corner = 'nw' | 'ne' | 'sw' | 'se';
export const CORNERS: readonly Corner[] = ['nw', 'ne', 'sw', 'se'];

/** A place in the picture. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

const within = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), Math.max(least, most));

/** Moved as far as the picture reaches. */
export function moved(box: Box, dx: number, dy: number): Box {
  return { ...box, x: within(box.x + dx, 0, 1 - box.width), y: within(box.y + dy, 0, 1 - box.height) };
}

/** With one corner moved and the opposite one kept. */
export function resized({ x, y, width, height }: Box, corner: Corner, dx: number, dy: number): Box {
  const [right, bottom] = [x + width, y + height];
  const left = corner.endsWith('w') ? within(x + dx, 0, right - LEAST) : x;
  const top = corner.startsWith('n') ? within(y + dy, 0, bottom - LEAST) : y;
  const newRight = corner.endsWith('e') ? within(right + dx, x + LEAST, 1) : right;
  const newBottom = corner.startsWith('s') ? within(bottom + dy, y + LEAST, 1) : bottom;
  return { x: left, y: top, width: newRight - left, height: newBottom - top };
}

/** The box between two places, at least as large as a box may be. */
export function between(a: Place, b: Place): Box {
  const [from, to] = [span(a.x, b.x), span(a.y, b.y)];
  return { x: from.start, y: to.start, width: from.length, height: to.length };
}

function span(a: number, b: number): { start: number; length: number } {
  const [low, high] = [within(Math.min(a, b), 0, 1), within(Math.max(a, b), 0, 1)];
  const length = Math.max(LEAST, high - low);
  return { start: Math.min(low, 1 - length), length };
}

/** What a key does to a box: arrows move it, with Shift they change its size; null for other keys. */
export function byKey(box: Box, key: string, shift: boolean): Box | null {
  const step = STEPS.get(key);
  if (!step) return null;
  return shift ? resized(box, 'se', step.x, step.y) : moved(box, step.x, step.y);
}

const STEPS: ReadonlyMap<string, Place> = new Map([
  ['ArrowLeft', { x: -0.01, y: 0 }],
  ['ArrowRight', { x: 0.01, y: 0 }],
  ['ArrowUp', { x: 0, y: -0.01 }],
  ['ArrowDown', { x: 0, y: 0.01 }],
]);

/** The four numbers that people may type, in whole percent of the picture. */
export const MEASURES = ['left', 'top', 'width', 'height'] as const;
export type Measure = (typeof MEASURES)[number];

export function measureOf({ x, y, width, height }: Box, measure: Measure): number {
  return Math.round({ left: x, top: y, width, height }[measure] * 100);
}

/** The box with one number typed, the others kept as far as the picture reaches. */
export function withMeasure(box: Box, measure: Measure, percent: number): Box {
  const value = within(percent / 100, 0, 1);
  switch (measure) {
    case 'left':
      return moved(box, value - box.x, 0);
    case 'top':
      return moved(box, 0, value - box.y);
    case 'width':
      return resized(box, 'se', value - box.width, 0);
    case 'height':
      return resized(box, 'se', 0, value - box.height);
  }
}
