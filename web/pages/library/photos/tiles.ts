import type { Photo } from '#shared/schema/photo.ts';

import type { TileData } from '../../../components/photo-tile.ts';
import type { Listed } from '../../../components/listed.ts';
import { formatInstant } from '../../../messages/i18n.svelte.ts';
import { tl } from '../../../messages/text-library.ts';
import { nameOf } from '../labels.ts';

/** Photos by their places, looked up one at a time: nothing is made for those out of sight. */
export function listed(photos: readonly Photo[], places: readonly number[]): Listed<Photo> {
  return {
    length: places.length,
    at: (index) => {
      const place = places[index];
      return place === undefined ? undefined : photos[place];
    },
  };
}

/** @param detailed with what a line of the list says */
export function tilesOf(
  shown: Listed<Photo>,
  names: ReadonlyMap<string, string>,
  detailed: boolean,
): Listed<TileData> {
  return {
    length: shown.length,
    at: (index) => {
      const photo = shown.at(index);
      return photo && tileOf(photo, names, detailed);
    },
  };
}

function tileOf(photo: Photo, names: ReadonlyMap<string, string>, detailed: boolean): TileData {
  const { id, fileName } = photo;
  const tile = { id, fileName, label: nameOf(photo, names), unknown: photo.label?.kind === 'unknown' };
  return detailed ? { ...tile, details: detailsOf(photo) } : tile;
}

function detailsOf({ origin, faults, excluded, label, addedAt, addedBy }: Photo): string {
  const by = label?.by ?? addedBy;
  const when = formatInstant(label?.at ?? addedAt);
  return [
    tl(`origin.short.${origin}`),
    ...faults.map((fault) => tl(`fault.${fault}`)),
    ...(excluded ? [tl('filter.use.out')] : []),
    by === '' ? when : tl('photo.addedBy', { when, name: by }),
  ].join(' · ');
}
