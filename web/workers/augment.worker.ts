import { drawRows, type VariationWish, type VariedPhoto } from './draw-variations.ts';
import { handOver, serve } from './spawn.ts';

const api = {
  draw: async (wish: VariationWish): Promise<readonly (VariedPhoto | null)[]> => {
    const rows = await drawRows(wish);
    const buffers = rows.flatMap((row) =>
      row === null ? [] : [row.plain, ...row.varied.map((v) => v.picture)].map((p) => p.data.buffer),
    );
    return handOver([...rows], buffers);
  },
};
export type AugmentApi = typeof api;

serve(api);
