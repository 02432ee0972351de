import type { AugmentOptions } from '../schema/augment.ts';

/** One draw: everything that is done to one photo, in whole numbers, so that every runtime does exactly the same. */
export interface Augmentation {
  readonly flop: boolean;
  /** Turn clockwise, in hundredths of a degree. */
  readonly turn: number;
  /** Size of the picture in thousandths of its own: 1100 is a tenth larger. */
  readonly zoom: number;
  /** Where the middle of what is seen lies, in thousandths of the edge, right and down of the middle. */
  readonly right: number;
  readonly down: number;
  /** Thousandths of white by which a middle grey gets brighter. */
  readonly brightness: number;
  /** Thousandths by which contrast and colours get stronger. */
  readonly contrast: number;
  readonly saturation: number;
  /** Standard deviation of the grain, in thousandths of white. */
  readonly noise: number;
  /** Start of the grain's own random numbers, 32 bits. */
  readonly grain: number;
}

/** Where the draws come from, e.g. `createRandom`. */
export interface Numbers {
  /** Uniform in [0, 1), with 32 random bits. */
  readonly next: () => number;
}

/** What a photo allows beyond the options: a class without flop, a picture that must not get smaller. */
export interface Allowed {
  readonly flop: boolean;
  readonly zoomOut: boolean;
}

/**
 * Draws what is done to one photo. It always takes the same count of random numbers, so that changing one option
 * leaves the draws of all others as they were.
 */
export function drawAugmentation(options: AugmentOptions, random: Numbers, allowed: Allowed): Augmentation {
  const both = (most: number, steps: number): number => Math.round((random.next() * 2 - 1) * most * steps);
  const flop = random.next() < 0.5;
  const turn = both(options.rotate, 100);
  const zoom = drawZoom(random, options.zoomOut, options.zoomIn, allowed.zoomOut);
  const cut = Math.round(random.next() * options.crop * 1000);
  return {
    flop: flop && options.flop && allowed.flop,
    turn,
    zoom: Math.round((zoom * 1000) / (1000 - cut)),
    right: both(cut / 2000, 1000),
    down: both(cut / 2000, 1000),
    brightness: both(options.brightness, 1000),
    contrast: both(options.contrast, 1000),
    saturation: both(options.saturation, 1000),
    noise: Math.round(random.next() * options.noise * 1000),
    grain: Math.floor(random.next() * 0x100000000),
  };
}

/** Out or in is decided first, so that both are as frequent whatever their sizes. */
function drawZoom(random: Numbers, out: number, larger: number, mayShrink: boolean): number {
  const at = random.next() * 2 - 1;
  if (at < 0) return mayShrink ? Math.round(1000 + at * out * 1000) : 1000;
  return Math.round(1000 + at * larger * 1000);
}

/** What was done, in words: "mirrored, turned 3.2° clockwise, 8 % larger"; "unchanged" for nothing. */
export function describeAugmentation(a: Augmentation): string {
  const said = [
    a.flop && 'mirrored',
    a.turn !== 0 &&
      `turned ${(Math.abs(a.turn) / 100).toFixed(1)}° ${a.turn > 0 ? 'clockwise' : 'counter-clockwise'}`,
    percent(a.zoom - 1000, 'larger', 'smaller'),
    (a.right !== 0 || a.down !== 0) && 'off the middle',
    percent(a.brightness, 'brighter', 'darker'),
    percent(a.contrast, 'more contrast', 'less contrast'),
    percent(a.saturation, 'more colour', 'less colour'),
    a.noise !== 0 && `${(a.noise / 10).toFixed(1)} % grain`,
  ].filter((words) => words !== false);
  return said.length > 0 ? said.join(', ') : 'unchanged';
}

function percent(thousandths: number, more: string, less: string): string | false {
  if (thousandths === 0) return false;
  return `${(Math.abs(thousandths) / 10).toFixed(1)} % ${thousandths > 0 ? more : less}`;
}
