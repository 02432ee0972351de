import type { Edits, Quality } from '#shared/schema/photo.ts';
import type { EditBase, Remade } from '../storage/edit-acts.ts';
import { measureImage, preparePhoto, type Prepared } from './prepare.ts';
import { remakePhoto, type EditedPhoto } from './remake.ts';
import { handOver, serve } from './spawn.ts';

const api = {
  /** @throws ImageRefused */
  prepare: async (file: Blob, size: number): Promise<Prepared> => {
    const prepared = await preparePhoto(new Uint8Array(await file.arrayBuffer()), size);
    return handOver(prepared, [prepared.image, prepared.thumb]);
  },
  measure: (image: ArrayBuffer, shape: { width: number; height: number }): Promise<Quality> =>
    measureImage(new Uint8Array(image), shape),
  /** @throws ImageRefused */
  remake: async (base: EditBase, edits: Edits, photo: EditedPhoto): Promise<Remade> => {
    const remade = await remakePhoto(base, edits, photo);
    return handOver(remade, [remade.image, remade.thumb]);
  },
};
export type ImportApi = typeof api;

serve(api);
