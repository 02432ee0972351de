import { awaits, standingOf } from '#shared/dataset/opinions.ts';
import type { Opinion, Photo } from '#shared/schema/photo.ts';

/**
 * Photos that want this person's opinion, disputed ones first (P1-40, P1-41). Fixed when the room opens, so that back
 * is back. Excluded photos are left out.
 * @param photos newest first
 * @returns ids
 */
export function secondQueue(photos: readonly Photo[], person: string): string[] {
  const waiting = photos.filter((photo) => !photo.excluded && awaits(photo, person));
  const disputed = waiting.filter((photo) => standingOf(photo) === 'disputed');
  const single = waiting.filter((photo) => standingOf(photo) === 'single');
  return [...disputed, ...single].map((photo) => photo.id);
}

/** An opinion that is a label; one that took its label off is none. */
export type Said = Opinion & { readonly label: NonNullable<Opinion['label']> };

/** What people say of a photo, as one of them sees it. */
export interface Sides {
  /** What this person said; null where nothing yet. */
  readonly own: Said | null;
  /** The others', oldest first. */
  readonly others: readonly Said[];
}

export function sidesOf({ opinions }: Pick<Photo, 'opinions'>, person: string): Sides {
  const said = opinions.filter((o): o is Said => o.label !== null);
  return {
    own: said.find((o) => o.by === person) ?? null,
    others: said.filter((o) => o.by !== person),
  };
}

/** Photos on which people differ, for the notice after an import. */
export interface Difference {
  readonly photos: number;
  /** Whom this person differs from; empty where only others differ among themselves. */
  readonly from: readonly string[];
}

/**
 * Counts what `secondQueue` puts first: what this person is a side of, or, where there is nothing of that, what others
 * differ on. One pass that looks only at photos with several opinions.
 */
export function differences(photos: readonly Photo[], person: string): Difference {
  const from = new Set<string>();
  let [own, all] = [0, 0];
  for (const photo of photos) {
    if (photo.opinions.length < 2 || photo.excluded || standingOf(photo) !== 'disputed') continue;
    all += 1;
    const sides = sidesOf(photo, person);
    const against = sides.others.filter((o) => sides.own !== null && !isSame(o, sides.own));
    if (against.length === 0) continue;
    own += 1;
    for (const { by } of against) from.add(by);
  }
  return own > 0 ? { photos: own, from: [...from].sort() } : { photos: all, from: [] };
}

export function isSame(a: Said, b: Said): boolean {
  return a.label.kind === b.label.kind && a.label.id === b.label.id;
}
