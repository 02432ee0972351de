import type { HeldPixels } from './messages.ts';

/**
 * Decoded photos kept in memory from one epoch to the next, up to a bound. The first that come stay: every epoch wants
 * all photos in another order, so which of them are held makes no difference, and none is thrown out for another.
 */
export interface PixelStore {
  readonly get: (row: number) => HeldPixels | null;
  readonly hasRoom: () => boolean;
  readonly add: (row: number, pixels: HeldPixels) => void;
}

/** @param most bytes */
export function holdPixels(most: number): PixelStore {
  const held = new Map<number, HeldPixels>();
  let bytes = 0;
  return {
    get: (row) => held.get(row) ?? null,
    hasRoom: () => bytes < most,
    add: (row, pixels) => {
      if (held.has(row) || bytes + pixels.data.byteLength > most) return;
      held.set(row, pixels);
      bytes += pixels.data.byteLength;
    },
  };
}
