import type { AugmentOptions } from '../schema/augment.ts';
import { type Allowed, type Augmentation, drawAugmentation, type Numbers } from './augment-draw.ts';
import type { Pixels } from './pixels.ts';
import { resize } from './resample.ts';
import { addNoise, changeTone } from './tone.ts';
import { type View, warp } from './warp.ts';

/** What a varied photo is for. */
export interface AugmentTarget extends Partial<Allowed> {
  /** Edge of the result in pixels: the network's input size. */
  readonly size: number;
}

/**
 * Draws and makes one variation of a canonical image (P4-11 … P4-13, F-16), the same bytes in every runtime.
 * `flop` and `zoomOut` of the target switch these off for this photo whatever the options say.
 * @throws RangeError for a picture that is not square
 */
export function augment(
  image: Pixels,
  options: AugmentOptions,
  random: Numbers,
  { size, flop = true, zoomOut = true }: AugmentTarget,
): Pixels {
  return applyAugmentation(image, drawAugmentation(options, random, { flop, zoomOut }), size);
}

/**
 * Does to a canonical image what was drawn; one resampling pass brings it to `size` × `size`. Where the picture is
 * neither turned nor zoomed nor shifted, that pass is the plain resizing that unvaried photos get.
 * @throws RangeError for a picture that is not square
 */
export function applyAugmentation(image: Pixels, drawn: Augmentation, size: number): Pixels {
  if (image.width !== image.height)
    throw new RangeError(`${image.width} × ${image.height} pixels are not square, so not canonical`);
  const still = drawn.turn === 0 && drawn.zoom === 1000 && drawn.right === 0 && drawn.down === 0;
  const placed = still
    ? copyOf(resize(image, size, size))
    : warp(image, size, drawn.flop ? mirror(drawn) : drawn);
  if (drawn.flop) flop(placed);
  changeTone(placed, drawn);
  addNoise(placed, drawn.noise, drawn.grain);
  return placed;
}

/** Mirroring comes last, so that it is a copy of bytes; turn and place are meant in the mirrored picture. */
function mirror(view: View): View {
  return { ...view, turn: -view.turn, right: -view.right };
}

/** The steps after resampling work in place; the caller's picture is not theirs. */
function copyOf({ width, height, data }: Pixels): Pixels {
  return { width, height, data: data.slice() };
}

/** Mirrors a picture left to right, in place. */
function flop({ width, height, data }: Pixels): void {
  for (let y = 0; y < height; y++) {
    for (let left = y * width * 3, right = left + (width - 1) * 3; left < right; left += 3, right -= 3) {
      for (let c = 0; c < 3; c++) {
        const kept = data[left + c] as number;
        data[left + c] = data[right + c] as number;
        data[right + c] = kept;
      }
    }
  }
}
