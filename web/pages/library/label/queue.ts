import { standingOf } from '#shared/dataset/opinions.ts';
import type { Photo } from '#shared/schema/photo.ts';
import type { LikenessOrder } from '../../../state/contract.ts';
import { fits } from '../labels.ts';

/** Orders by what the photos' records say. */
const PLAIN = ['unlabelled', 'oldest', 'newest', 'opinions', 'label'] as const;
export type PlainOrder = (typeof PLAIN)[number];
export const ORDERS = [...PLAIN, 'unsure', 'alike', 'odd'] as const;
export type Order = (typeof ORDERS)[number];

/** What to ask for an order by what photos look like; null for one that the records tell, or that lacks its photo or label. */
export function likenessOf(order: Order, label: string, photo: string | undefined): LikenessOrder | null {
  const id = label.replace(/^sub-class /, '');
  if (order === 'unsure') return { kind: 'unsure' };
  if (order === 'odd') return { kind: 'odd', label: id };
  if (order !== 'alike') return null;
  if (label !== '') return { kind: 'alike-label', label: id };
  return photo === undefined ? null : { kind: 'alike', photo };
}

export function isPlain(order: Order): order is PlainOrder {
  return (PLAIN as readonly Order[]).includes(order);
}

/**
 * Which photos to go through, fixed when the room opens: what is labelled meanwhile keeps its place, so that back is
 * back. Excluded ones are left out, but where one label is checked whole.
 * @param photos newest first
 * @param label key of the label to check (`keyOf`); only for the order `label`
 * @returns ids
 */
export function queueOf(photos: readonly Photo[], order: PlainOrder, label: string): string[] {
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
