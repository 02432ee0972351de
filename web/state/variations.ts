import type { AugmentOptions } from '#shared/schema/augment.ts';
import type { Photo } from '#shared/schema/photo.ts';
import type { AugmentApi } from '../workers/augment.worker.ts';
import type { VariedPhoto } from '../workers/draw-variations.ts';
import { spawn } from '../workers/spawn.ts';

export type { VariedPhoto } from '../workers/draw-variations.ts';

/** Photos to be varied, in the order in which random numbers are drawn for them. */
interface Wish {
  readonly photos: readonly { readonly photo: Photo; readonly flop: boolean }[];
  readonly options: AugmentOptions;
  readonly seed: number;
}

export interface VariationDrawer {
  /** A row for each photo; null where its image can't be read. @throws the signal's reason */
  readonly draw: (wish: Wish, signal: AbortSignal) => Promise<readonly (VariedPhoto | null)[]>;
}

const IDLE_MS = 30_000;

/** @param read canonical image of a photo, null for one that is gone */
export function createVariations(read: (id: string) => Promise<ArrayBuffer | null>): VariationDrawer {
  const worker = spawn<AugmentApi>(
    () => new Worker(new URL('../workers/augment.worker.ts', import.meta.url), { type: 'module' }),
    IDLE_MS,
  );
  return {
    draw: async ({ photos, options, seed }, signal) => {
      const wanted = await Promise.all(
        photos.map(async ({ photo, flop }) => {
          const { id, width, height, edits, faults } = photo;
          return { photo: { width, height, edits, faults }, image: await read(id), flop };
        }),
      );
      return worker.run(signal, (api) => api.draw({ photos: wanted, options: { ...options }, seed }));
    },
  };
}
