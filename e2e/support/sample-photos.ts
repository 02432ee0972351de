import { ANIMALS } from '../../node-trainer/sample/animals.ts';
import { loadArtwork } from '../../node-trainer/sample/artwork.ts';
import { renderPhotos } from '../../node-trainer/sample/photos.ts';

/** Draws class folders of the sample zoo's animals. */
export async function drawPhotos(folder: string, how: { count: number; seed: number }): Promise<void> {
  const artwork = await loadArtwork();
  for (const animal of ANIMALS) await renderPhotos(artwork, animal, folder, how);
}
