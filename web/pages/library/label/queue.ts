import { standingOf } from '#shared/dataset/opinions.ts';
import type { Photo } from '#shared/schema/photo.ts';
import { fits } from '../labels.ts';

export const ORDERS = ['unlabelled', 'oldest', 'newest', 'opinions', 'label'] as const;
export type Order = (typeof ORDERS)[number];

/**
 * Which photos to go through, fixed when the room opens: what is labelled meanwhile keeps its place, so that back is
 * back. Excluded ones are left out, but where one label is checked whole.
 * @param photos newest first
 * @param label key of the label to check (`keyOf`); only for the order `label`
 * @returns ids
 */
export function queueOf(photos: readonly Photo[], order: Order, label: string): string[] {
  if (order === 'label') return idsOf(photos.filter((photo) => fits(photo, label)));
  const usable = photos.filter((photo) => !photo.excluded);
  switch (order) {
    case 'newest':
      return idsOf(usable);
    case 'oldest':
      return idsOf(usable).reverse();
    case 'unlabelled':
      // Unknown ones are to be come back to (P1-46), so they are next.
      return [0, 1, 2].flatMap((rank) => idsOf(usable.filter((photo) => rankOf(photo) === rank)));
    case 'opinions':
      return (['disputed', 'single'] as const).flatMap((standing) =>
        idsOf(usable.filter((photo) => standingOf(photo) === standing)),
      );
  }
}

function rankOf({ label }: Photo): number {
  return label === null ? 0 : label.kind === 'unknown' ? 1 : 2;
}

function idsOf(photos: readonly Photo[]): string[] {
  return photos.map((photo) => photo.id);
}
