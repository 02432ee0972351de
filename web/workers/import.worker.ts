import type { Quality } from '#shared/schema/photo.ts';
import { measureImage, preparePhoto, type Prepared } from './prepare.ts';
import { handOver, serve } from './spawn.ts';

const api = {
  /** @throws ImageRefused */
  prepare: async (file: Blob, size: number): Promise<Prepared> => {
    const prepared = await preparePhoto(new Uint8Array(await file.arrayBuffer()), size);
    return handOver(prepared, [prepared.image, prepared.thumb]);
  },
  measure: (image: ArrayBuffer, shape: { width: number; height: number }): Promise<Quality> =>
    measureImage(new Uint8Array(image), shape),
};
export type ImportApi = typeof api;

serve(api);
