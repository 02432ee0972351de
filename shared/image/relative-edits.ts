/** Edits seen from a picture that was edited before: where no original is at hand, that picture is all there is. */
import { type Edits, NO_EDITS } from '../schema/photo.ts';
import { type Box, WHOLE } from './framing.ts';

type Turn = Edits['turn'];

/** The box after its picture was turned clockwise. */
export function turnBox({ x, y, width, height }: Box, turn: Turn): Box {
  switch (turn) {
    case 0:
      return { x, y, width, height };
    case 90:
      return { x: 1 - y - height, y: x, width: height, height: width };
    case 180:
      return { x: 1 - x - width, y: 1 - y - height, width, height };
    case 270:
      return { x: y, y: 1 - x - width, width: height, height: width };
  }
}

/** Sum of two turns. */
export function addTurns(a: Turn, b: Turn | -90): Turn {
  return ((a + b + 360) % 360) as Turn;
}

/** A crop as it is kept: inside the picture, to a hundred-thousandth of it; null for the whole picture. */
export function cropOf(box: Box): Edits['crop'] {
  const tidy = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1e5) / 1e5;
  const [x, y] = [tidy(box.x), tidy(box.y)];
  const [right, bottom] = [tidy(box.x + box.width), tidy(box.y + box.height)];
  const crop = { x, y, width: tidy(right - x), height: tidy(bottom - y) };
  return crop.x === 0 && crop.y === 0 && crop.width === 1 && crop.height === 1 ? null : crop;
}

/**
 * What has to be done to a picture that was made with the edits `made` so that it looks as if `edits` had been made of the
 * original. A crop that reaches beyond the picture is cut off at its edge.
 */
export function relativeEdits(edits: Edits, made: Edits): Edits {
  const turn = addTurns(edits.turn, ((360 - made.turn) % 360) as Turn);
  const outer = turnBox(made.crop ?? WHOLE, turn);
  const inner = edits.crop ?? WHOLE;
  const left = Math.max(inner.x, outer.x);
  const top = Math.max(inner.y, outer.y);
  const right = Math.min(inner.x + inner.width, outer.x + outer.width);
  const bottom = Math.min(inner.y + inner.height, outer.y + outer.height);
  // Crops that do not even touch cannot be: the whole of what there is.
  if (right <= left || bottom <= top) return { ...NO_EDITS, turn };
  const crop = {
    x: (left - outer.x) / outer.width,
    y: (top - outer.y) / outer.height,
    width: (right - left) / outer.width,
    height: (bottom - top) / outer.height,
  };
  return { turn, crop: cropOf(crop) };
}

/** The edits of the original that come to `made` and then `relative`. */
export function absoluteEdits(relative: Edits, made: Edits): Edits {
  const outer = turnBox(made.crop ?? WHOLE, relative.turn);
  const inner = relative.crop ?? WHOLE;
  const crop = {
    x: outer.x + inner.x * outer.width,
    y: outer.y + inner.y * outer.height,
    width: inner.width * outer.width,
    height: inner.height * outer.height,
  };
  return { turn: addTurns(made.turn, relative.turn), crop: cropOf(crop) };
}

export function sameEdits(a: Edits, b: Edits): boolean {
  return JSON.stringify([a.turn, a.crop]) === JSON.stringify([b.turn, b.crop]);
}
