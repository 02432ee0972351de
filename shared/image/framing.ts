/** How a subject stands in its frame (P1-24 … P1-28): shares, a frame to propose, and the room for training's zooms. */

/** A rectangle in fractions of a picture's width and height. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Width and height in pixels; only their ratio counts. */
export interface Shape {
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Box = { x: 0, y: 0, width: 1, height: 1 };

/**
 * Shares of the frame's area that the subject's box should take: "about 80–90% of the total frame" (P1-25), "don't start
 * out less than 50%" (P1-28). What is proposed lies in the middle.
 */
const FRAMING = { least: 0.5, from: 0.8, aim: 0.85, to: 0.9 } as const;

export type Framing =
  /** A part of the subject lies outside the frame. */
  | 'cut'
  /** Below half of the frame: detail is lost (P1-28). */
  | 'too-small'
  | 'small'
  | 'good'
  /** No buffer is left for training to zoom in (P1-27). */
  | 'tight';

/** Share of the frame's area that the subject's box covers, 0 … 1; what lies outside the frame does not count. */
export function shareOf(subject: Box, frame: Box): number {
  const overlap = (from: number, length: number, start: number, extent: number): number =>
    Math.max(0, Math.min(from + length, start + extent) - Math.max(from, start));
  const covered =
    overlap(subject.x, subject.width, frame.x, frame.width) *
    overlap(subject.y, subject.height, frame.y, frame.height);
  return covered / (frame.width * frame.height);
}

/** What is to be said of a subject in a frame. The shares are compared in whole percent, as people read them. */
export function framingOf(subject: Box, frame: Box): Framing {
  if (!contains(frame, subject)) return 'cut';
  const share = Math.round(shareOf(subject, frame) * 100) / 100;
  if (share < FRAMING.least) return 'too-small';
  if (share < FRAMING.from) return 'small';
  return share <= FRAMING.to ? 'good' : 'tight';
}

/** Slips of rounding do not count as outside. */
const SLIP = 1e-4;

function contains(frame: Box, { x, y, width, height }: Box): boolean {
  return (
    x >= frame.x - SLIP &&
    y >= frame.y - SLIP &&
    x + width <= frame.x + frame.width + SLIP &&
    y + height <= frame.y + frame.height + SLIP
  );
}

/**
 * The frame in which a subject takes 85 %: the same margin on every side, and where the picture ends, more of it on the
 * others. Never beyond the picture, so that a subject that fills it gets the whole picture.
 * @param picture its size in pixels
 */
export function proposeFrame(subject: Box, picture: Shape): Box {
  let [low, high] = [0, Math.max(picture.width, picture.height)];
  // The larger the margin, the smaller the share: halved often enough for a thousandth of a pixel.
  for (let i = 0; i < 40; i++) {
    const margin = (low + high) / 2;
    if (shareOf(subject, widened(subject, picture, margin)) > FRAMING.aim) low = margin;
    else high = margin;
  }
  return widened(subject, picture, high);
}

/** The box with a margin in pixels around it, as far as the picture reaches. */
function widened(box: Box, picture: Shape, margin: number): Box {
  const [dx, dy] = [margin / picture.width, margin / picture.height];
  const [left, top] = [Math.max(0, box.x - dx), Math.max(0, box.y - dy)];
  const [right, bottom] = [Math.min(1, box.x + box.width + dx), Math.min(1, box.y + box.height + dy)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * By which share training may zoom in before it cuts into the subject (P1-27): it zooms around the middle of the square
 * that the frame is padded to. 0 where the subject touches the square's edge or lies outside.
 * @param picture its size in pixels
 */
export function zoomRoom(subject: Box, frame: Box, picture: Shape): number {
  const half = Math.max(frame.width * picture.width, frame.height * picture.height) / 2;
  const reach = (from: number, length: number, start: number, extent: number): number => {
    const middle = start + extent / 2;
    return Math.max(Math.abs(from - middle), Math.abs(from + length - middle));
  };
  const farthest = Math.max(
    reach(subject.x, subject.width, frame.x, frame.width) * picture.width,
    reach(subject.y, subject.height, frame.y, frame.height) * picture.height,
  );
  return farthest === 0 ? 0 : Math.max(0, half / farthest - 1);
}

/** The two boxes in the middle of a frame between which a subject of 80 … 90 % ends. */
export function guidesOf(frame: Box): { readonly inner: Box; readonly outer: Box } {
  return { inner: middleOf(frame, FRAMING.from), outer: middleOf(frame, FRAMING.to) };
}

function middleOf({ x, y, width, height }: Box, share: number): Box {
  const side = Math.sqrt(share);
  const margin = (1 - side) / 2;
  return { x: x + width * margin, y: y + height * margin, width: width * side, height: height * side };
}
